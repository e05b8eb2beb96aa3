package io.firefly.voip.tenant.directory;

import io.firefly.voip.tenant.YamlFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The directory that serves. Any thread reads; {@link #commit} swaps all of it at once. */
public final class CallDirectory {
    /** One reading of the file. Immutable. */
    public record Page(TenantRules otherwise, Map<String, TenantRules> tenants) {
        static final Page EMPTY = new Page(TenantRules.NONE, Map.of());

        public Page {
            tenants = Map.copyOf(new LinkedHashMap<>(tenants));
        }

        /** @param tenant null for a call that is nobody's */
        public TenantRules of(@Nullable String tenant) {
            return tenant == null ? otherwise : tenants.getOrDefault(tenant, otherwise);
        }

        public Set<String> tenantIds() {
            return tenants.keySet();
        }
    }

    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile Page page = Page.EMPTY;

    /** The rules for a tenant's calls: its own, or those of everybody who has none. */
    public TenantRules of(@Nullable String tenant) {
        return page.of(tenant);
    }

    /**
     * Reads without changing what serves.
     *
     * @param fileName for the messages
     * @throws io.firefly.voip.tenant.DirectoryFormatException with every mistake
     */
    public Page parse(String yamlText, String fileName) {
        YamlFile file = new YamlFile(fileName, yamlText);
        return new DirectoryReader().read(file.top(DirectoryReader.TOP), file.problems());
    }

    /** Puts this directory in the place of the one before; running calls follow it, too. */
    public void commit(Page read) {
        page = read;
        watchers.forEach(Runnable::run);
    }

    /**
     * {@link #parse} and {@link #commit}.
     *
     * @throws io.firefly.voip.tenant.DirectoryFormatException with every mistake; the directory from before stays
     */
    public void replace(String yamlText, String fileName) {
        commit(parse(yamlText, fileName));
    }

    /** @param changed runs after every {@link #commit}, on its thread; must return at once */
    public void watch(Runnable changed) {
        watchers.add(changed);
    }
}
