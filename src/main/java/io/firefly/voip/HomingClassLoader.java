package io.firefly.voip;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds classes in the jars inside of our jar. Spring Boot's own loader asks one jar after the other, each by a URL of
 * its own, for each of 14 000 classes; that is a third of a start. This one remembers which jar a package lives in, and
 * asks that one first. No class may therefore be there twice ({@code LaunchTest}). Resources are found in the order of
 * the class path, as ever. Any thread.
 */
final class HomingClassLoader extends URLClassLoader {
    /** Names that a URL takes as they are. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./$-]+");

    static {
        registerAsParallelCapable();
    }

    private final List<Home> homes = new ArrayList<>();
    /** By the folder of a package. */
    private final Map<String, Home> remembered = new ConcurrentHashMap<>();

    /** @param jars in the order of the class path */
    HomingClassLoader(URL[] jars, @Nullable ClassLoader parent) throws IOException {
        super("firefly", jars, parent);
        for (URL url : jars) homes.add(new Home(url));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/') + ".class";
        Home home = homeOf(path);
        if (home == null) throw new ClassNotFoundException(name);
        try {
            byte[] code = home.read(path);
            if (name.indexOf('.') >= 0) definePackageOnce(name.substring(0, name.lastIndexOf('.')), home);
            return defineClass(name, code, 0, code.length, home.source);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public @Nullable URL findResource(String name) {
        if (!PLAIN.matcher(name).matches()) return super.findResource(name);
        Home home = name.endsWith(".class") ? homeOf(name) : firstWith(name);
        return home == null ? null : home.at(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        if (!PLAIN.matcher(name).matches()) return super.findResources(name);
        List<URL> found = new ArrayList<>();
        for (Home home : homes) {
            if (home.has(name)) found.add(home.at(name));
        }
        return Collections.enumeration(found);
    }

    private @Nullable Home homeOf(String path) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        Home last = remembered.get(folder);
        if (last != null && last.has(path)) return last;
        Home found = firstWith(path);
        if (found != null) remembered.put(folder, found);
        return found;
    }

    private @Nullable Home firstWith(String path) {
        for (Home home : homes) {
            if (home.has(path)) return home;
        }
        return null;
    }

    private void definePackageOnce(String name, Home home) throws IOException {
        if (getDefinedPackage(name) != null) return;
        try {
            definePackage(name, home.manifest(), home.url);
        } catch (IllegalArgumentException e) {
            // Another thread was faster.
            if (getDefinedPackage(name) == null) throw e;
        }
    }

    /** One jar, opened when it is asked first. */
    private static final class Home {
        private final URL url;
        private final CodeSource source;
        private @Nullable JarFile opened;

        Home(URL url) {
            this.url = url;
            this.source = new CodeSource(url, (Certificate[]) null);
        }

        private synchronized JarFile jar() throws IOException {
            JarFile jar = opened;
            if (jar == null) {
                JarURLConnection connection = (JarURLConnection) url.openConnection();
                // The same open jar as that of whoever reads a resource of it by URL.
                connection.setUseCaches(true);
                jar = connection.getJarFile();
                opened = jar;
            }
            return jar;
        }

        boolean has(String path) {
            try {
                return jar().getEntry(path) != null;
            } catch (IOException e) {
                throw new IllegalStateException("cannot read " + url, e);
            }
        }

        byte[] read(String path) throws IOException {
            JarEntry entry = jar().getJarEntry(path);
            try (InputStream code = jar().getInputStream(entry)) {
                return code.readAllBytes();
            }
        }

        Manifest manifest() throws IOException {
            Manifest manifest = jar().getManifest();
            return manifest == null ? new Manifest() : manifest;
        }

        URL at(String path) {
            try {
                return new URL(url, path);
            } catch (MalformedURLException e) {
                throw new IllegalStateException(url + path, e);
            }
        }
    }
}
