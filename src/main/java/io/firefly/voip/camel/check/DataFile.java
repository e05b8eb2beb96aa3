package io.firefly.voip.camel.check;

import java.util.List;
import java.util.Set;

/** A file of data beside the routes ({@code tenants.yaml}), judged and put into use together with them. */
public interface DataFile {
    /** Its name in the routes folder. */
    String fileName();

    /**
     * Reads a text and changes nothing.
     *
     * @param shownName the name with its folder, as messages shall show it
     * @param known what this text may refer to: what will serve beside it
     */
    Draft read(String text, String shownName, Names known);

    /** The agents that serve while the folder has no such file. */
    default Set<String> agentsWithoutFile() {
        return Set.of();
    }

    /**
     * What a file may refer to.
     *
     * @param agents of the files read before this one
     * @param callflows as tenants name them: {@code chat} for {@code direct:callflow-chat}
     */
    record Names(Set<String> agents, Set<String> callflows) {}

    /**
     * What was read.
     *
     * @param mistakes in what way it does not fit; empty when it can be used
     * @param agents whom it adds
     * @param isReadable false when nothing could be made of it, so that {@code use} does nothing
     * @param use puts all of it in the place of what serves, at once; throws nothing
     */
    record Draft(List<Refusal> mistakes, Set<String> agents, boolean isReadable, Runnable use) {
        public Draft {
            mistakes = List.copyOf(mistakes);
            agents = Set.copyOf(agents);
        }

        /** A text of which nothing can be made. */
        public static Draft unreadable(List<Refusal> mistakes) {
            return new Draft(mistakes, Set.of(), false, () -> {});
        }
    }
}
