/**
 * Runs the real route files without a call: same YAML loader, languages, policies and steps; nobody outside.
 *
 * <p>Start with {@link io.firefly.voip.camel.rehearsal.Rehearsal}: a {@code RouteSet} (files, tenants, agents, settings)
 * on one side, a {@code Scene} (what comes in) and a {@code Script} (what steps are told to do) on the other, a
 * {@code Run} (everything that happened, in order) as the answer. {@code Stage} is the private Camel context: {@code call:},
 * {@code agent:} and {@code sip:} are the serving components over recorded ports ({@code Outside}); everything that leads outside is a {@code Outside.StandIn}. {@code Watch} sees steps as Camel's own
 * debugger does, {@code Conditions} puts a witness before each condition while the route is still a model.
 *
 * <p>Threads: a scene is played on the stage's own thread {@code rehearsal}, one at a time, 10 s at most. Used by
 * {@code firefly routes explain} and {@code test}, by {@code POST /api/routes/explain} and by the users' test kit.
 */
@NullMarked
package io.firefly.voip.camel.rehearsal;

import org.jspecify.annotations.NullMarked;
