/**
 * How an agent behaves towards its caller, whoever provides it: what it does without being asked, and where one agent
 * differs from what the installation is set to.
 *
 * <p>Start with {@link io.firefly.voip.agent.conduct.Conduct}, which holds the settings that all providers have in common,
 * and {@link io.firefly.voip.agent.conduct.Initiative}, which acts on them. A provider's session says who speaks now and
 * lets {@code Initiative} look again and again, on its agent thread; nothing here has a thread or a timer.
 */
@NullMarked
package io.firefly.voip.agent.conduct;

import org.jspecify.annotations.NullMarked;
