package io.firefly.voip.agent.simulator;

import io.firefly.voip.testing.RunningFirefly;

/** What tests of whole calls may ask of the simulator behind them. */
public final class SimulatorProbe {
    private SimulatorProbe() {}

    public static int connections(RunningFirefly firefly) {
        return firefly.bean(SimulatorServer.class).openSessions();
    }

    /** Ends every conversation at once and takes no new ones. */
    public static void stop(RunningFirefly firefly) {
        firefly.bean(SimulatorServer.class).close();
    }
}
