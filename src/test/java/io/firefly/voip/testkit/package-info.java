/**
 * For people who test their routes with JUnit: {@link io.firefly.voip.testkit.RouteUnderTest} plays calls through route
 * files, {@link io.firefly.voip.testkit.Caller} describes them, {@link io.firefly.voip.testkit.Played} says what has to
 * become of them. Published as the test-jar; needs nothing but Firefly's own jar.
 */
@NullMarked
package io.firefly.voip.testkit;

import org.jspecify.annotations.NullMarked;
