package io.firefly.voip.camel.reload;

import io.firefly.voip.camel.check.Allowance;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/**
 * Keeps schemes from being used that are not allowed in routes, where the route's text does not say them: behind
 * {@code toD}, {@code recipientList} and the like the address is known only during the call.
 */
final class ComponentGuard implements ComponentResolver {
    private final ComponentResolver camels;
    private final Allowance allowed;

    private ComponentGuard(ComponentResolver camels, Allowance allowed) {
        this.camels = camels;
        this.allowed = allowed;
    }

    static void watch(CamelContext camel, Allowance allowed) {
        ComponentResolver camels = PluginHelper.getComponentResolver(camel);
        camel.getCamelContextExtension().addContextPlugin(ComponentResolver.class, new ComponentGuard(camels, allowed));
    }

    @Override
    public @Nullable Component resolveComponent(String scheme, CamelContext camel) throws Exception {
        if (!allowed.allowsComponent(scheme)) {
            throw new IllegalArgumentException("'" + scheme
                    + ":' is not allowed in routes; an administrator adds it to firefly.routes.allowed.components");
        }
        return camels.resolveComponent(scheme, camel);
    }
}
