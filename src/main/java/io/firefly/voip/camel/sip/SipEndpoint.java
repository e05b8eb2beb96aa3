package io.firefly.voip.camel.sip;

import io.firefly.voip.sip.SipFront.Credentials;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** SIP requests: takes those that come to us, sends those of our own. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "sip",
        title = "SIP",
        syntax = "sip:address",
        category = {Category.NETWORKING},
        headersClass = SipConstants.class,
        generateConfigurer = false)
public final class SipEndpoint extends DefaultEndpoint {
    @UriPath(description = "As consumer a name for the edge, as producer user@host:port;transport=tcp")
    @Metadata(required = true)
    private final String address;

    @UriParam(label = "consumer", defaultValue = "INVITE", description = "Methods to take, separated by commas")
    private String methods = "INVITE";

    @UriParam(label = "producer", defaultValue = "OPTIONS", description = "Method of the request to send")
    private String method = "OPTIONS";

    @UriParam(label = "producer", description = "Address-of-record we speak as; our own when it is not set")
    private @Nullable String from;

    @UriParam(label = "producer", description = "Event package of a PUBLISH or SUBSCRIBE, such as presence")
    private @Nullable String event;

    @UriParam(label = "producer", description = "How long a PUBLISH or SUBSCRIBE shall count, in seconds; 0 ends it")
    private @Nullable Integer expires;

    @UriParam(label = "producer", description = "Content-Type of the body, unless the header SipContentType says it")
    private @Nullable String contentType;

    @UriParam(label = "producer,security", description = "User of a digest challenge")
    private @Nullable String user;

    @UriParam(label = "producer,security", secret = true, description = "Password of a digest challenge")
    private @Nullable String password;

    @UriParam(label = "producer", description = "Makes an exception of a status of 300 and above")
    private boolean throwExceptionOnFailure;

    SipEndpoint(String uri, SipComponent component, String address) {
        super(uri, component);
        this.address = address;
        setExchangePattern(ExchangePattern.InOut);
    }

    @Override
    public Producer createProducer() {
        return new SipProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SipConsumer consumer = new SipConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    SipComponent component() {
        return (SipComponent) getComponent();
    }

    String address() {
        return address;
    }

    /** @throws IllegalArgumentException when no method is named, or something that cannot be one */
    Set<String> methodSet() {
        Set<String> wanted = new TreeSet<>();
        for (String name : methods.split(",", -1)) {
            String upper = name.trim().toUpperCase(Locale.ROOT);
            if (!upper.matches("[A-Z]{1,20}"))
                throw new IllegalArgumentException("methods=" + methods + " of " + getEndpointUri() + ": '"
                        + name.trim() + "' is no SIP method; write methods=INVITE,OPTIONS");
            wanted.add(upper);
        }
        return wanted;
    }

    @Nullable
    Credentials credentials() {
        return user == null || password == null ? null : new Credentials(user, password);
    }

    public String getMethods() {
        return methods;
    }

    public void setMethods(String methods) {
        this.methods = methods;
    }

    public String getMethod() {
        return method;
    }

    public void setMethod(String method) {
        this.method = method.toUpperCase(Locale.ROOT);
    }

    public @Nullable String getFrom() {
        return from;
    }

    public void setFrom(@Nullable String from) {
        this.from = from;
    }

    public @Nullable String getEvent() {
        return event;
    }

    public void setEvent(@Nullable String event) {
        this.event = event;
    }

    public @Nullable Integer getExpires() {
        return expires;
    }

    /** @throws IllegalArgumentException when it is negative */
    public void setExpires(@Nullable Integer expires) {
        if (expires != null && expires < 0)
            throw new IllegalArgumentException("expires=" + expires + " of " + getEndpointUri() + " is negative");
        this.expires = expires;
    }

    public @Nullable String getContentType() {
        return contentType;
    }

    public void setContentType(@Nullable String contentType) {
        // Camel makes a space of the plus of application/pidf+xml.
        this.contentType = contentType == null ? null : contentType.replaceAll("(?<=\\w) (?=\\w)", "+");
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(@Nullable String user) {
        this.user = user;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public boolean isThrowExceptionOnFailure() {
        return throwExceptionOnFailure;
    }

    public void setThrowExceptionOnFailure(boolean throwExceptionOnFailure) {
        this.throwExceptionOnFailure = throwExceptionOnFailure;
    }
}
