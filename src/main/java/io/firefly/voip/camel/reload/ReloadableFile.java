package io.firefly.voip.camel.reload;

import java.util.List;
import java.util.Set;

/** A file of data beside the routes ({@code tenants.yaml}) that is read again when it was saved. */
public interface ReloadableFile {
    /** Its name in the routes folder. */
    String fileName();

    /**
     * Takes the new content as a whole, or throws and keeps the old one. Called at start and after each change, one
     * call at a time, on the reload thread.
     *
     * @param fileName with its folder, as messages shall show it
     * @throws Exception what is wrong and where, in words for who wrote the file
     */
    void replace(String text, String fileName) throws Exception;

    /** What of it does not fit the routes that serve now, a sentence each; asked after every change. */
    default List<String> misfits(Set<String> routeIds) {
        return List.of();
    }
}
