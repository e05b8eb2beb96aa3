package io.firefly.voip.ops.jmx;

import java.util.List;
import java.util.Map;

/** This process. */
@Described("This process: what it carries, and whether it takes new calls")
public interface NodeMXBean {
    @Described("Calls that are alive")
    int getCalls();

    @Described("Calls by state")
    Map<String, Integer> getCallsByState();

    @Described("SIP dialogs that wait for an answer to our BYE, or are alive")
    int getDialogs();

    @Described("Whether new calls hear 503")
    boolean isDraining();

    @Described("SIP ports by transport")
    Map<String, Integer> getSipPorts();

    @Described("FreeSWITCH nodes: whether they take calls, and if not, why")
    List<SwitchState> getFreeSwitchNodes();

    @Described("A FreeSWITCH node gets no new call until undrainFreeSwitch; its running calls go on")
    void drainFreeSwitch(
            @Described(name = "name", value = "As in firefly.freeswitch.nodes") String name,
            @Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);

    @Described("A FreeSWITCH node gets calls again")
    void undrainFreeSwitch(
            @Described(name = "name", value = "As in firefly.freeswitch.nodes") String name,
            @Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);

    /** {@code sessions} are the channels of everybody; {@code note} says why it is not up. */
    record SwitchState(String name, boolean up, boolean draining, int sessions, String since, String note) {}

    @Described("Takes no new call (503, not ready) until undrain; running calls go on as long as they like")
    void drain(@Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);

    @Described("Takes new calls again; refused once the process is being stopped")
    void undrain(@Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);
}
