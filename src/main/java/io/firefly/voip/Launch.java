package io.firefly.voip;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;

/**
 * Where {@code java -jar firefly.jar} begins. Hands over to {@link FireflyApplication}, out of the jar by
 * {@link HomingClassLoader}; from a folder of classes (tests, editors) as it is.
 */
final class Launch {
    private static final String JAR_LAUNCHER = "org.springframework.boot.loader.launch.LaunchedClassLoader";

    private Launch() {}

    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        ClassLoader given = Launch.class.getClassLoader();
        boolean isJar =
                given instanceof URLClassLoader && given.getClass().getName().equals(JAR_LAUNCHER);
        if (!isJar) {
            FireflyApplication.main(args);
            return;
        }
        @SuppressWarnings("resource") // lives as long as the process
        ClassLoader homing = new HomingClassLoader(((URLClassLoader) given).getURLs(), given.getParent());
        Thread.currentThread().setContextClassLoader(homing);
        try {
            Class.forName("io.firefly.voip.FireflyApplication", true, homing)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException ours) throw ours;
            throw e;
        }
    }
}
