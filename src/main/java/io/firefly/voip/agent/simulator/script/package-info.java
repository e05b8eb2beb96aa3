/**
 * Scenario scripts: what the simulated provider says, when, and what goes wrong with it, in YAML.
 *
 * <p>Start with {@link io.firefly.voip.agent.simulator.script.ScriptReader} (text to {@link
 * io.firefly.voip.agent.simulator.script.Script}; every mistake with its line and what to write instead). A script has
 * {@link io.firefly.voip.agent.simulator.script.Visit}s, one for each connection; a visit has {@link
 * io.firefly.voip.agent.simulator.script.Step}s, one for each response; a step has {@link
 * io.firefly.voip.agent.simulator.script.Line}s to say or call and {@link io.firefly.voip.agent.simulator.script.Fault}s.
 *
 * <p>All of it is data, immutable once read. A fault is a deed done to a {@link
 * io.firefly.voip.agent.simulator.script.Victim}, which the session implements; nothing in here knows sockets or clocks.
 */
@NullMarked
package io.firefly.voip.agent.simulator.script;

import org.jspecify.annotations.NullMarked;
