package io.firefly.voip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular about starting out of the jar. */
class LaunchTest {
    private Path first;
    private Path second;

    @BeforeEach
    void twoJars(@TempDir Path folder) throws IOException {
        first = jar(folder.resolve("first.jar"), Map.of("words.txt", bytes("first"), "only/first.txt", bytes("1")));
        second = jar(
                folder.resolve("second.jar"),
                Map.of(
                        "words.txt",
                        bytes("second"),
                        "odd name#1.txt",
                        bytes("odd"),
                        pathOf(Cli.class),
                        codeOf(Cli.class),
                        pathOf(FireflyApplication.class),
                        codeOf(FireflyApplication.class)));
    }

    @Test
    void aClassIsFoundInWhicheverJarItIs() throws Exception {
        try (HomingClassLoader loader = loader()) {
            Class<?> found = loader.loadClass(Cli.class.getName());

            assertThat(found).isNotSameAs(Cli.class);
            assertThat(found.getClassLoader()).isSameAs(loader);
            assertThat(found.getProtectionDomain().getCodeSource().getLocation())
                    .isEqualTo(url(second));
            assertThat(loader.loadClass(FireflyApplication.class.getName()).getClassLoader())
                    .isSameAs(loader);
        }
    }

    @Test
    void aPackageKnowsTheVersionOfItsJar() throws Exception {
        try (HomingClassLoader loader = loader()) {
            Package known = loader.loadClass(Cli.class.getName()).getPackage();

            assertThat(known.getImplementationVersion()).isEqualTo("version of second.jar");
        }
    }

    @Test
    void whatIsInNoJarIsNotFound() throws Exception {
        try (HomingClassLoader loader = loader()) {
            loader.loadClass(Cli.class.getName());

            assertThatThrownBy(() -> loader.loadClass("io.firefly.voip.Nobody"))
                    .isInstanceOf(ClassNotFoundException.class)
                    .hasMessage("io.firefly.voip.Nobody");
            assertThat(loader.getResource("nothing.txt")).isNull();
            assertThat(Collections.list(loader.getResources("nothing.txt"))).isEmpty();
        }
    }

    @Test
    void resourcesComeInTheOrderOfTheClassPath() throws Exception {
        try (HomingClassLoader loader = loader()) {
            loader.loadClass(Cli.class.getName());

            assertThat(textOf(loader.getResource("words.txt"))).isEqualTo("first");
            assertThat(Collections.list(loader.getResources("words.txt")).stream()
                            .map(LaunchTest::textOf))
                    .containsExactly("first", "second");
            assertThat(textOf(loader.getResource("only/first.txt"))).isEqualTo("1");
            assertThat(textOf(loader.getResource("odd name#1.txt"))).isEqualTo("odd");
            assertThat(loader.getResource(pathOf(Cli.class))).hasToString(url(second) + pathOf(Cli.class));
        }
    }

    /** The loader asks the jar that had the package before: with a class in two jars the first would not always win. */
    @Test
    void noClassIsInTwoJars() throws IOException {
        Map<String, List<String>> owners = new TreeMap<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!path.endsWith(".jar")) continue;
            try (JarFile jar = new JarFile(path)) {
                jar.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                        .filter(name -> name.contains("/") && !name.endsWith("/package-info.class"))
                        .forEach(name -> owners.computeIfAbsent(name, key -> new ArrayList<>())
                                .add(path));
            }
        }
        owners.values().removeIf(jars -> jars.size() < 2);

        assertThat(owners).isEmpty();
    }

    private HomingClassLoader loader() throws IOException {
        return new HomingClassLoader(new URL[] {url(first), url(second)}, ClassLoader.getPlatformClassLoader());
    }

    private static Path jar(Path file, Map<String, byte[]> content) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "version of " + file.getFileName());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (var entry : content.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }

    private static URL url(Path jar) throws IOException {
        return new URL("jar:" + jar.toUri() + "!/");
    }

    private static String pathOf(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    private static byte[] codeOf(Class<?> type) throws IOException {
        try (InputStream code = type.getResourceAsStream("/" + pathOf(type))) {
            return code.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String textOf(URL url) {
        try (InputStream text = url.openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
