package io.firefly.voip.bench;

import java.util.List;

/** The FreeSWITCH that runs on this machine with the configuration of {@code freeswitch/}, whose 9999 is an echo. */
record FreeSwitchPeer(MeasuredProcess process, int port) implements ReferencePeer {
    /**
     * @param port of its SIP profile
     * @throws IllegalArgumentException unless exactly one runs here
     */
    static FreeSwitchPeer at(int port) {
        List<ProcessHandle> running = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/freeswitch"))
                .toList();
        if (running.size() != 1) {
            throw new IllegalArgumentException("--freeswitch=" + port + " needs one FreeSWITCH on this machine; "
                    + running.size() + " run (freeswitch/README.md)");
        }
        return new FreeSwitchPeer(MeasuredProcess.running(running.get(0)), port);
    }

    @Override
    public String name() {
        return "FreeSWITCH";
    }

    @Override
    public String echoUser() {
        return "9999";
    }

    @Override
    public void close() {
        process.close();
    }
}
