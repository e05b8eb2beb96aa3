package io.firefly.voip.camel.data;

import io.firefly.voip.camel.check.DataFile;
import io.firefly.voip.camel.check.Refusal;
import io.firefly.voip.camel.check.Refusal.SourceText;
import io.firefly.voip.tenant.AgentBook;
import io.firefly.voip.tenant.DirectoryFormatException;
import io.firefly.voip.tenant.TenantBook;
import io.firefly.voip.tenant.directory.CallDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What lies beside the routes and is judged and swapped with them: agents first, since tenants name them, then whom their
 * callers may be connected with.
 */
public final class DirectoryFiles {
    private DirectoryFiles() {}

    public static DataFile agents(AgentBook agents) {
        return new AgentsFile(agents);
    }

    public static DataFile tenants(TenantBook tenants) {
        return new TenantsFile(tenants);
    }

    public static DataFile directory(CallDirectory directory) {
        return new DirectoryFile(directory);
    }

    private static List<Refusal> refusals(String fileName, DirectoryFormatException mistakes) {
        return mistakes.problems().stream()
                .map(problem ->
                        new Refusal(fileName, problem.line(), problem.column(), problem.sentence(), problem.source()))
                .toList();
    }

    private record AgentsFile(AgentBook agents) implements DataFile {
        @Override
        public String fileName() {
            return "agents.yaml";
        }

        @Override
        public Set<String> agentsWithoutFile() {
            return agents.names();
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            try {
                AgentBook.Page page = agents.parse(text, shownName);
                return new Draft(List.of(), page.names(), true, () -> agents.commit(page));
            } catch (DirectoryFormatException e) {
                return Draft.unreadable(refusals(fileName(), e));
            }
        }
    }

    private record TenantsFile(TenantBook tenants) implements DataFile {
        @Override
        public String fileName() {
            return "tenants.yaml";
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            try {
                TenantBook.Page page = tenants.parse(text, shownName, known.agents());
                SourceText source = new SourceText(fileName(), text);
                List<Refusal> misfits = new ArrayList<>();
                for (String sentence : page.unknownCallflows(known.callflows())) misfits.add(place(source, sentence));
                return new Draft(misfits, Set.of(), true, () -> tenants.commit(page));
            } catch (DirectoryFormatException e) {
                return Draft.unreadable(refusals(fileName(), e));
            }
        }

        /** The tenant is the first word in quotes, its call flow the second; it stands below the tenant's id. */
        private static Refusal place(SourceText source, String sentence) {
            String[] words = sentence.split("'", 5);
            if (words.length < 5) return Refusal.of(source, sentence);
            int tenant = Math.max(1, source.lineOf("id: " + words[1], 1));
            int line = source.lineOf("callflow: " + words[3], tenant);
            int column = line == 0 ? 0 : source.line(line).indexOf("callflow: ") + "callflow: ".length() + 1;
            return Refusal.at(source, line, column, sentence);
        }
    }

    private record DirectoryFile(CallDirectory directory) implements DataFile {
        @Override
        public String fileName() {
            return "directory.yaml";
        }

        @Override
        public Draft read(String text, String shownName, Names known) {
            try {
                CallDirectory.Page page = directory.parse(text, shownName);
                return new Draft(List.of(), Set.of(), true, () -> directory.commit(page));
            } catch (DirectoryFormatException e) {
                return Draft.unreadable(refusals(fileName(), e));
            }
        }
    }
}
