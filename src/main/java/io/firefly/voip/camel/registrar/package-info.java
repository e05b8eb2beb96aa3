/**
 * The {@code registrar:} steps of a route: {@code challenge}, {@code save}, {@code lookup}.
 *
 * <p>Start with {@link io.firefly.voip.camel.registrar.RegistrarComponent}. Every step runs on the thread of the route and
 * answers at once; {@code challenge} and {@code save} may ask the database.
 *
 * <p>What goes back to the phone is written into exchange headers that the {@code sip:} consumer turns into the response:
 * {@code SipStatus}, {@code SipReason}, {@code SipHeader.<Name>}. A refusal stops the route. RFC 3261 10 and 22.
 */
@NullMarked
package io.firefly.voip.camel.registrar;

import org.jspecify.annotations.NullMarked;
