package io.firefly.voip.ops.management;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What may be done over Jolokia: everything that is listed here, nothing else. Reading; starting and stopping of routes;
 * our own guarded operations. No attribute is ever written, and no operation of the JVM, of the logging or of Camel that
 * could load code, send a message, change a route or read a file is among them.
 */
final class JolokiaPolicy implements Restrictor {
    private static final String CAMEL = "org.apache.camel";
    private static final String OURS = "io.firefly";

    private static final Set<RequestType> TYPES =
            Set.of(RequestType.READ, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION, RequestType.EXEC);

    private static final Set<String> READABLE_DOMAINS = Set.of(CAMEL, OURS, "java.lang", "java.nio", "hawtio");

    /** They hold what was given on the command line, secrets too. */
    private static final Pattern COMMAND_LINE =
            Pattern.compile("SystemProperties|InputArguments|(Boot)?ClassPath|LibraryPath");

    /** domain and type -> operations, whatever their parameters. */
    private static final Map<String, Set<String>> OPERATIONS = Map.of(
            CAMEL + ":context",
            Set.of(
                    "dumpRoutesAsXml",
                    "dumpRoutesAsYaml",
                    "dumpRoutesStatsAsXml",
                    "dumpRoutesStatsAsJSon",
                    "dumpStepStatsAsXml",
                    "dumpRoutesSourceLocationsAsXml",
                    "componentNames",
                    "languageNames"),
            CAMEL + ":routes",
            Set.of(
                    "start",
                    "stop",
                    "suspend",
                    "resume",
                    "dumpRouteAsXml",
                    "dumpRouteAsYaml",
                    "dumpRouteStatsAsXml",
                    "dumpRouteStatsAsJSon",
                    "dumpStepStatsAsXml",
                    "dumpRouteSourceLocationsAsXml",
                    "isUpdateRouteEnabled"),
            CAMEL + ":services",
            Set.of("browse", "endpointStatistics"),
            OURS + ":Call",
            Set.of("hangUp"),
            OURS + ":Registrations",
            Set.of("bindingsOf", "unregister"),
            OURS + ":Node",
            Set.of("drain", "undrain", "drainFreeSwitch", "undrainFreeSwitch"));

    /** GET would let a picture in a foreign page give an order. */
    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return TYPES.contains(type);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        if (isObjectNameHidden(name)) return false;
        return !name.getDomain().equals("java.lang")
                || !COMMAND_LINE.matcher(attribute).matches();
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return false;
    }

    /** @param operation a name, with or without its signature */
    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        String type = name.getKeyProperty("type");
        if (name.isPattern() || type == null) return false;
        int signature = operation.indexOf('(');
        String bare = (signature < 0 ? operation : operation.substring(0, signature)).strip();
        return OPERATIONS.getOrDefault(name.getDomain() + ":" + type, Set.of()).contains(bare);
    }

    /** Who comes here has passed the login. */
    @Override
    public boolean isRemoteAccessAllowed(String... hostsOrAddresses) {
        return true;
    }

    /** No header allows another origin to read; {@link SameOrigin} has refused its requests already. */
    @Override
    public boolean isOriginAllowed(String origin, boolean strictChecking) {
        return strictChecking;
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return !READABLE_DOMAINS.contains(name.getDomain());
    }

    /** For the test that holds this list against the MBeans that are there. */
    static List<String> operations() {
        return OPERATIONS.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(operation -> entry.getKey() + " " + operation))
                .sorted()
                .toList();
    }
}
