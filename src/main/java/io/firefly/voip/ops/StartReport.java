package io.firefly.voip.ops;

import io.firefly.voip.agent.VoiceAgent;
import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.ops.management.ManagementLogin;
import io.firefly.voip.sip.SipFront;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The first words after the start, at most 12 lines: where to call, as whom, who answers and why, what decides. */
@Component
class StartReport {
    /** A logger of its own, so that the lines come out as they are. */
    private static final Logger console = LoggerFactory.getLogger("firefly");

    /** The only password that may be printed. */
    private static final String KNOWN_TO_ALL = "test123";

    private final SipFront sip;
    private final RouteLibrary routes;
    private final VoiceAgent agent;
    private final ManagementLogin operators;
    private final Environment settings;

    StartReport(SipFront sip, RouteLibrary routes, VoiceAgent agent, ManagementLogin operators, Environment settings) {
        this.sip = sip;
        this.routes = routes;
        this.agent = agent;
        this.operators = operators;
        this.settings = settings;
    }

    @EventListener
    void print(ApplicationReadyEvent started) {
        lines(started.getTimeTaken() == null ? 0 : started.getTimeTaken().toMillis())
                .forEach(console::info);
    }

    List<String> lines(long startMillis) {
        List<String> lines = new ArrayList<>();
        lines.add(
                routes.routes().isEmpty()
                        ? "Firefly is NOT READY: there is no route in " + routesFolder() + " (firefly.routes.directory)"
                        : "Firefly is ready after %.1f s.".formatted(startMillis / 1000.0));
        lines.add("  SIP       " + sipPorts() + "   (calls welcome: echo, welcome, chat)");
        lines.add("  Sound     " + sound());
        lines.add("  Login     " + login());
        lines.add("  Trusted   " + trusted());
        lines.add("  Agent     " + agent.description());
        lines.add("  Routes    " + routeIds());
        lines.add("  HTTP      http://localhost:" + settings.getProperty("local.server.port", "8080")
                + "/health  /ready");
        lines.add("  Inspect   " + inspection());
        lines.add("  Kept in   " + settings.getProperty("firefly.recording.directory", "data/recordings")
                + " (recordings), " + settings.getProperty("firefly.cdr.directory", "data/cdr")
                + " (one line per call)");
        lines.add("Try it:     java -jar target/firefly.jar call sip:echo@127.0.0.1" + portSuffix()
                + " --play audio/count.wav --record out.wav");
        routes.lastResult()
                .filter(result -> !result.refusals().isEmpty())
                .ifPresent(result -> lines.add(
                        "NOT LOADED: " + result.refusals().size() + " mistakes in the routes folder, see above"));
        return lines;
    }

    private String sipPorts() {
        return sip.ports().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(port -> port.getKey() + " " + settings.getProperty("firefly.sip.bind", "0.0.0.0") + ":"
                        + port.getValue())
                .collect(Collectors.joining(", "));
    }

    private String sound() {
        String ports = settings.getProperty("firefly.media.rtp.first-port", "16384") + "-"
                + settings.getProperty("firefly.media.rtp.last-port", "32766");
        if (!settings.getProperty("firefly.media.engine", "embedded").equalsIgnoreCase("freeswitch"))
            return "udp " + ports;
        boolean rtp = settings.getProperty("firefly.freeswitch.audio", "rtp").equalsIgnoreCase("rtp");
        return "FreeSWITCH, and to us by " + (rtp ? "RTP, udp " + ports : "websocket") + "   (nodes: /health)";
    }

    private String portSuffix() {
        int port = sip.ports().getOrDefault("udp", 5060);
        return port == 5060 ? "" : ":" + port;
    }

    private String login() {
        String user = settings.getProperty("firefly.registrar.development-subscriber.user", "");
        if (user.isEmpty()) return "no development login";
        String password = settings.getProperty("firefly.registrar.development-subscriber.password", "");
        if (!password.equals(KNOWN_TO_ALL)) return user + ", with its own password";
        return user + " / " + password + "   (for development; refused in profile prod)";
    }

    private String trusted() {
        String addresses = Binder.get(settings)
                .bind("firefly.sip.trusted-addresses", String[].class)
                .map(networks -> String.join(", ", networks))
                .orElse("");
        return addresses.isEmpty()
                ? "nobody: every caller registers"
                : addresses + "   call without a password; all others register";
    }

    private String inspection() {
        if (!operators.isPossible()) return "nobody can log in: firefly.management.password is not set";
        String address = "http://localhost:" + settings.getProperty("local.management.port", "8081") + "/actuator"
                + (operators.showsHawtio() ? "/hawtio" : "");
        String drawn = operators.drawnPassword();
        return address + "   " + operators.user() + (drawn == null ? ", with its own password" : " / " + drawn);
    }

    private Path routesFolder() {
        return Path.of(settings.getProperty("firefly.routes.directory", "routes"))
                .toAbsolutePath();
    }

    private String routeIds() {
        String ids = routes.routes().stream()
                .map(RouteLibrary.LoadedRoute::id)
                .sorted()
                .collect(Collectors.joining(" "));
        return routes.routes().size() + " from " + settings.getProperty("firefly.routes.directory", "routes") + "/: "
                + ids;
    }
}
