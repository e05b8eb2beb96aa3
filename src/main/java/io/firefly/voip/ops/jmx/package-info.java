/**
 * The exchange as MBeans, for Hawtio, JConsole and whatever else speaks JMX: domain {@code io.firefly}.
 *
 * <p>Start reading at the four interfaces, each one MBean with its attributes and operations in words: {@code CallMXBean}
 * (one per call that is alive), {@code RegistrationsMXBean}, {@code SourcesMXBean} (trunks and whoever else called) and
 * {@code NodeMXBean}. {@code CallMBeans} keeps the first in step with the calls. Every operation that changes something
 * wants a reason, and writes who gave it into the log ({@code Audit}).
 *
 * <p>Threads: attributes are read and operations run on the threads of whoever asks; {@code ops-jmx} registers and
 * unregisters, so that no call ever waits for the MBean server.
 */
@NullMarked
package io.firefly.voip.ops.jmx;

import org.jspecify.annotations.NullMarked;
