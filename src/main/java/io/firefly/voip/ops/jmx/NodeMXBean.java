package io.firefly.voip.ops.jmx;

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

    @Described("Takes no new call (503, not ready) until undrain; running calls go on as long as they like")
    void drain(@Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);

    @Described("Takes new calls again; refused once the process is being stopped")
    void undrain(@Described(name = "reason", value = "Why, for the log; 3 to 200 characters") String reason);
}
