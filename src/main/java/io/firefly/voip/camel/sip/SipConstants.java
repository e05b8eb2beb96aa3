package io.firefly.voip.camel.sip;

import org.apache.camel.spi.Metadata;

/** Names of the exchange headers of {@code sip:}. */
public final class SipConstants {
    /** Begins the name of each header of the request (and of a response that {@code sip:<uri>} received). */
    @Metadata(
            label = "consumer",
            description = "A header of the allow-list, lower case: sip.user-agent",
            javaType = "String")
    public static final String REQUEST_HEADER_PREFIX = "sip.";

    /** The method of the request. */
    @Metadata(label = "consumer", description = "The method, such as OPTIONS", javaType = "String")
    public static final String METHOD = "sip.method";

    /** Status-Code of the response (RFC 3261 7.2): set by the route, or by the peer that answered {@code sip:<uri>}. */
    @Metadata(description = "Status of the response, 200 to 699", javaType = "Integer")
    public static final String STATUS = "SipStatus";

    /** Reason-Phrase of the response; the standard one when it is not set. */
    @Metadata(description = "Reason phrase of the response", javaType = "String")
    public static final String REASON = "SipReason";

    /** Begins the name of each header to be sent: {@code SipHeader.WWW-Authenticate}, a text or a list of texts. */
    @Metadata(description = "A header of the message to be sent", javaType = "String or List<String>")
    public static final String SEND_HEADER_PREFIX = "SipHeader.";

    /** Content-Type of the body to be sent; without it the body stays here. */
    @Metadata(description = "Content-Type of the body to be sent", javaType = "String")
    public static final String CONTENT_TYPE = "SipContentType";

    private SipConstants() {}
}
