package io.firefly.voip.tenant.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The directory, filled from the routes folder at start. A wrong one stops the start; without one nobody is connected. */
@Configuration(proxyBeanMethods = false)
class CallDirectoryConfiguration {
    private static final String FILE = "directory.yaml";

    @Bean
    CallDirectory callDirectory(Environment environment) {
        CallDirectory directory = new CallDirectory();
        Path file = Path.of(environment.getProperty("firefly.routes.directory", "routes"), FILE);
        if (!Files.exists(file)) return directory;
        try {
            directory.replace(Files.readString(file), FILE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (it must be UTF-8 text)", e);
        }
        return directory;
    }
}
