/**
 * SIP header texts to values: name-addr, Diversion, History-Info, P-Asserted-Identity. Pure functions; tolerant on input.
 */
@NullMarked
package io.firefly.voip.sip.header;

import org.jspecify.annotations.NullMarked;
