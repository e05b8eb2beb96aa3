package io.firefly.voip.agent.simulator.script;

import java.util.List;

/**
 * A scenario.
 *
 * @param name for people
 * @param seed of ids and shuffling; -1 leaves it to the simulator
 * @param visits what the first, second, ... connection sees; the last one serves all that follow
 */
public record Script(String name, long seed, List<Visit> visits) {
    /** Nothing out of the ordinary: the receptionist answers. */
    public static final Script NONE = new Script("", -1, List.of(Visit.ORDINARY));

    public Script {
        visits = List.copyOf(visits);
    }

    /** @param index of the connection, from 0 */
    public Visit visit(long index) {
        return visits.get((int) Math.min(index, visits.size() - 1L));
    }
}
