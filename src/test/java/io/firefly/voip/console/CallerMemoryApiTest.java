package io.firefly.voip.console;

import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.firefly.voip.memory.CallerMemory;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** Who may read and delete what is remembered of a caller. */
class CallerMemoryApiTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String ANNA = "/api/callers/acme/+15550100/memory";

    private final Kept kept = new Kept();

    private MockMvc api(String token, @Nullable CallerMemory memory) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        if (memory != null) beans.addBean("memory", memory);
        return MockMvcBuilders.standaloneSetup(
                        new CallerMemoryController(beans.getBeanProvider(CallerMemory.class), new WriteGuard(token)))
                .build();
    }

    private MockMvc api() {
        return api("", kept);
    }

    private static MockHttpServletRequestBuilder here(MockHttpServletRequestBuilder request) {
        return request.header("Host", "localhost:8080");
    }

    private static MockHttpServletRequestBuilder elsewhere(MockHttpServletRequestBuilder request) {
        return here(request).with(built -> {
            built.setRemoteAddr("203.0.113.9");
            return built;
        });
    }

    @Test
    void whatIsRememberedIsReadAndNotCached() throws Exception {
        api().perform(here(get(ANNA)))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(jsonPath("$.lines[0]").value("caller: hello"))
                .andExpect(jsonPath("$.at").exists());
    }

    @Test
    void whatIsDeletedIsGone() throws Exception {
        api().perform(here(delete(ANNA))).andExpect(status().isNoContent());

        api().perform(here(get(ANNA))).andExpect(status().isNotFound());
        api().perform(here(delete(ANNA)))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.error").value("nothing is remembered of that caller"));
    }

    @Test
    void ofWhomNothingIsKnownNothingIsFound() throws Exception {
        api().perform(here(get("/api/callers/acme/+15550199/memory"))).andExpect(status().isNotFound());
        api().perform(here(get("/api/callers/other/+15550100/memory"))).andExpect(status().isNotFound());
        Assertions.assertThat(kept.all).hasSize(1);
    }

    @Test
    void thePlusMayBeWrittenAsABrowserWritesIt() throws Exception {
        api().perform(here(get(URI.create("/api/callers/acme/%2B15550100/memory"))))
                .andExpect(status().isOk());
    }

    @Test
    void whereNothingIsRememberedThatIsSaid() throws Exception {
        api("", null)
                .perform(here(get(ANNA)))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.error").value(containsString("firefly.caller-memory.enabled is false")));
    }

    @Test
    void strangersAndOtherPagesMayNot() throws Exception {
        for (MockHttpServletRequestBuilder request : List.of(
                elsewhere(get(ANNA)),
                elsewhere(delete(ANNA)),
                here(get(ANNA)).header("X-Forwarded-For", "203.0.113.9"),
                here(delete(ANNA)).header("Origin", "https://evil.example"),
                get(ANNA).header("Host", "rebound.example"))) {
            api().perform(request).andExpect(status().isForbidden());
        }
        Assertions.assertThat(kept.all).hasSize(1);
    }

    @Test
    void withATokenOnlyTheTokenCounts() throws Exception {
        MockMvc guarded = api(TOKEN, kept);
        guarded.perform(here(get(ANNA)))
                .andExpect(status().isUnauthorized())
                .andExpect(header().string("WWW-Authenticate", "Bearer"));
        guarded.perform(here(delete(ANNA)).header("Authorization", "Bearer guess"))
                .andExpect(status().isUnauthorized());
        Assertions.assertThat(kept.all).hasSize(1);

        guarded.perform(elsewhere(delete(ANNA)).header("Authorization", "Bearer " + TOKEN))
                .andExpect(status().isNoContent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/callers/acme/%00/memory", "/api/callers/%0A/+15550100/memory", "/api/callers/a/%20/memory"
            })
    void whatIsNoNumberIsSaidAndAsksNoDatabase(String path) throws Exception {
        kept.fails = true;
        api().perform(here(get(URI.create(path))))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.error").value(containsString("/api/callers/<tenant>/<number>/memory")));
        api().perform(here(delete("/api/callers/acme/" + "1".repeat(129) + "/memory")))
                .andExpect(status().isBadRequest());
    }

    @Test
    void aDatabaseThatIsAwayIsSaidWithoutItsWords() throws Exception {
        kept.fails = true;
        api().perform(here(get(ANNA)))
                .andExpect(status().isServiceUnavailable())
                .andExpect(jsonPath("$.error").value("the database does not answer: try again"));
        api().perform(here(delete(ANNA))).andExpect(status().isServiceUnavailable());
    }

    private static final class Kept implements CallerMemory {
        private final Map<Caller, Remembered> all = new HashMap<>();
        private boolean fails;

        Kept() {
            keep(new Caller("acme", "+15550100"), List.of("caller: hello"));
        }

        private void look() {
            if (fails) throw new DataAccessResourceFailureException("password of admin");
        }

        @Override
        public Optional<Remembered> recall(Caller caller) {
            look();
            return Optional.ofNullable(all.get(caller));
        }

        @Override
        public void keep(Caller caller, List<String> lines) {
            all.put(caller, new Remembered(lines, Instant.EPOCH));
        }

        @Override
        public boolean forget(Caller caller) {
            look();
            return all.remove(caller) != null;
        }
    }
}
