/**
 * The door for operators: the management port with its login, and how far Jolokia, and so Hawtio, may go behind it.
 *
 * <p>Start reading at {@link io.firefly.voip.ops.management.ManagementSecurityConfiguration}: who may come in. Then
 * {@code JolokiaPolicy}: what they may do. A request passes {@code SameOrigin} (no foreign page speaks through an
 * operator's browser), Spring Security (login by form for people, Basic for programs; wrong passwords are slowed down by
 * {@code LoginThrottle}) and, under {@code /actuator/jolokia}, the policy, which reads Camel, the JVM's figures and our
 * own MBeans, starts and stops routes, and refuses every other operation.
 *
 * <p>Threads: those of the web server. {@code server.port} (health, readiness) stays open and passes none of this.
 */
@NullMarked
package io.firefly.voip.ops.management;

import org.jspecify.annotations.NullMarked;
