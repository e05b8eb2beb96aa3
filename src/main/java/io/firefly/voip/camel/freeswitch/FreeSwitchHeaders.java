package io.firefly.voip.camel.freeswitch;

import org.apache.camel.spi.Metadata;

/** Names of the exchange headers of {@code freeswitch:}. */
public final class FreeSwitchHeaders {
    /** Name of the FreeSWITCH it came from. */
    @Metadata(label = "consumer", description = "Name of the node", javaType = "String")
    public static final String NODE = "FreeSwitchNode";

    /** Of the channel. */
    @Metadata(label = "consumer", description = "Uuid of the channel, when it is about one", javaType = "String")
    public static final String CHANNEL = "FreeSwitchChannel";

    /** Of {@code freeswitch:events}. */
    @Metadata(label = "consumer", description = "Name of the event, such as HEARTBEAT", javaType = "String")
    public static final String EVENT = "FreeSwitchEvent";

    /** Of {@code freeswitch:events}. */
    @Metadata(label = "consumer", description = "Subclass of a CUSTOM event", javaType = "String")
    public static final String SUBCLASS = "FreeSwitchSubclass";

    /** Begins the name of each SIP header of the allow-list that {@code freeswitch:calls} shows. */
    @Metadata(
            label = "consumer",
            description = "A SIP header of the allow-list, lower case: sip.user-agent",
            javaType = "String or List<String>")
    public static final String SIP_HEADER_PREFIX = "sip.";

    private FreeSwitchHeaders() {}
}
