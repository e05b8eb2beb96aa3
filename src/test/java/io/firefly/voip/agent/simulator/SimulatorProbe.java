package io.firefly.voip.agent.simulator;

import io.firefly.voip.agent.simulator.script.ScriptFormatException;
import io.firefly.voip.agent.simulator.script.ScriptReader;
import io.firefly.voip.testing.RunningFirefly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** What tests of whole calls may ask of the simulator behind them. */
public final class SimulatorProbe {
    private SimulatorProbe() {}

    public static int connections(RunningFirefly firefly) {
        return firefly.bean(SimulatorServer.class).openSessions();
    }

    /** What connections from now on will see. */
    public static void play(RunningFirefly firefly, String script) throws IOException, InterruptedException {
        int port = firefly.bean(SimulatorServer.class).port();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/script"))
                .POST(HttpRequest.BodyPublishers.ofString(script))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IllegalArgumentException(answer.body());
    }

    /** A simulator of its own, on a free port, that closes with what is returned. */
    public static Door open(String script) throws ScriptFormatException {
        SimulatorServer server =
                SimulatorServer.start(SimulatorProperties.defaults().onPort(0));
        server.play(ScriptReader.read("script", script, Path.of("")));
        return new Door(server);
    }

    /** The way to a simulator. */
    public static final class Door implements AutoCloseable {
        private final SimulatorServer server;

        private Door(SimulatorServer server) {
            this.server = server;
        }

        public int port() {
            return server.port();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** What went over the sockets of the conversations that are open, as JSON. */
    public static String frames(RunningFirefly firefly) throws IOException, InterruptedException {
        int port = firefly.bean(SimulatorServer.class).port();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/control/frames"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Ends every conversation at once and takes no new ones. */
    public static void stop(RunningFirefly firefly) {
        firefly.bean(SimulatorServer.class).close();
    }
}
