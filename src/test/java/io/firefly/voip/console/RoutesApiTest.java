package io.firefly.voip.console;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.firefly.voip.camel.reload.RouteLibrary;
import io.firefly.voip.camel.reload.RouteVersions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** Who may see and change the routes over HTTP. */
class RoutesApiTest {
    private static final String TOKEN = "0123456789abcdef";
    private final Routes routes = new Routes();

    private MockMvc api(String token) {
        return MockMvcBuilders.standaloneSetup(new RoutesController(routes, routes, new WriteGuard(token)))
                .build();
    }

    private static MockHttpServletRequestBuilder rollback() {
        return post("/api/routes/rollback")
                .contentType(MediaType.APPLICATION_JSON)
                .content("{}")
                .header("Host", "localhost:8080");
    }

    private static MockHttpServletRequestBuilder from(String address, MockHttpServletRequestBuilder request) {
        return request.with(built -> {
            built.setRemoteAddr(address);
            return built;
        });
    }

    @Test
    void thisMachineGoesBackWithoutAToken() throws Exception {
        api("").perform(rollback().content("{\"version\":\"abc\",\"by\":\"alice\\n\"}"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.summary").value("back to abc"))
                .andExpect(jsonPath("$.who").value("rollback alice? from 127.0.0.1"));
    }

    @Test
    void othersDoNot() throws Exception {
        api("").perform(from("203.0.113.9", rollback())).andExpect(status().isForbidden());
        api("").perform(rollback().header("X-Forwarded-For", "203.0.113.9")).andExpect(status().isForbidden());
        api("").perform(rollback().header("Origin", "https://evil.example")).andExpect(status().isForbidden());
        api("").perform(post("/api/routes/rollback")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}")
                        .header("Host", "rebound.example"))
                .andExpect(status().isForbidden());
    }

    @Test
    void aFormOfAStrangePageIsNotTaken() throws Exception {
        for (MediaType type :
                List.of(MediaType.TEXT_PLAIN, MediaType.APPLICATION_FORM_URLENCODED, MediaType.MULTIPART_FORM_DATA)) {
            api("").perform(rollback().contentType(type)).andExpect(status().isUnsupportedMediaType());
        }
    }

    @Test
    void withATokenOnlyTheTokenCounts() throws Exception {
        api(TOKEN).perform(rollback()).andExpect(status().isUnauthorized());
        api(TOKEN)
                .perform(rollback().header("Authorization", "Bearer " + TOKEN + "x"))
                .andExpect(status().isUnauthorized());
        api(TOKEN)
                .perform(from("203.0.113.9", rollback()).header("Authorization", "Bearer " + TOKEN))
                .andExpect(status().isOk());
    }

    @Test
    void aVersionThatIsNotThereIsNotFound() throws Exception {
        api("").perform(rollback().content("{\"version\":\"nope\"}"))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.error").value("there is no version 'nope'"));
    }

    @Test
    void aChangeThatIsRefusedIsAConflictWithTheReasons() throws Exception {
        routes.mistakes.add("routes/x.camel.yaml:1  secret line");
        api("").perform(post("/api/routes/reload")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}")
                        .header("Host", "localhost"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.outcome").value("refused"))
                .andExpect(jsonPath("$.refusals[0]").value("routes/x.camel.yaml:1  secret line"));
    }

    @Test
    void everybodyReadsHowItWentAndOnlyOperatorsReadTheLines() throws Exception {
        routes.mistakes.add("routes/x.camel.yaml:1  secret line");
        routes.reload("folder");

        api("").perform(get("/api/routes").header("Host", "localhost"))
                .andExpect(jsonPath("$.routes[0].id").value("inbound"))
                .andExpect(jsonPath("$.lastAttempts[0].mistakes").value(1))
                .andExpect(content().string(Matchers.containsString("secret line")));
        api("").perform(from("203.0.113.9", get("/api/routes").header("Host", "localhost")))
                .andExpect(jsonPath("$.lastAttempts[0].mistakes").value(1))
                .andExpect(content().string(Matchers.not(Matchers.containsString("secret line"))));
        api("").perform(get("/api/routes/versions"))
                .andExpect(jsonPath("$[0].id").value("abc"));
    }

    private static final class Routes implements RouteLibrary, RouteVersions {
        final List<String> mistakes = new ArrayList<>();
        private final List<Result> results = new ArrayList<>();

        private Result note(String who, String summary) {
            Result result = new Result(Instant.EPOCH, who, mistakes.isEmpty(), "abc", summary, mistakes);
            results.add(0, result);
            return result;
        }

        @Override
        public List<LoadedRoute> routes() {
            return List.of(new LoadedRoute("inbound", "routes/inbound.camel.yaml", null, Instant.EPOCH));
        }

        @Override
        public Optional<Result> lastResult() {
            return results.stream().findFirst();
        }

        @Override
        public List<Result> results() {
            return results;
        }

        @Override
        public Optional<Version> version() {
            return Optional.of(new Version("abc", Instant.EPOCH, false));
        }

        @Override
        public List<KeptVersion> versions() {
            return List.of(new KeptVersion("abc", Instant.EPOCH, "folder", List.of("inbound.camel.yaml")));
        }

        @Override
        public Result rollback(Optional<String> version, String who) {
            if (version.orElse("").equals("nope")) throw new NoSuchElementException("there is no version 'nope'");
            return note(who, "back to " + version.orElse("the one before"));
        }

        @Override
        public Result reload(String who) {
            return note(who, "judged");
        }
    }
}
