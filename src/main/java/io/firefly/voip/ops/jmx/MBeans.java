package io.firefly.voip.ops.jmx;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our MBeans in the server: what was registered is unregistered at the end. Any thread. */
final class MBeans implements AutoCloseable {
    static final String DOMAIN = "io.firefly";
    private static final Logger log = LoggerFactory.getLogger(MBeans.class);

    private final MBeanServer server;
    private final Set<ObjectName> registered = ConcurrentHashMap.newKeySet();

    MBeans(MBeanServer server) {
        this.server = server;
    }

    /** @return false when it could not be done, which is told; nothing else depends on it */
    <T> boolean register(String properties, T bean, Class<T> mxBean) {
        ObjectName name = name(properties);
        try {
            server.registerMBean(new DescribedMBean(bean, mxBean), name);
            registered.add(name);
            return true;
        } catch (InstanceAlreadyExistsException e) {
            log.warn("MBean {} is there already: another Firefly in this process?", name);
        } catch (JMException e) {
            log.warn("MBean {} cannot be shown", name, e);
        }
        return false;
    }

    void unregister(String properties) {
        unregister(name(properties));
    }

    private void unregister(ObjectName name) {
        if (!registered.remove(name)) return;
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            log.debug("MBean {} was gone already", name);
        } catch (JMException e) {
            log.warn("MBean {} cannot be taken away", name, e);
        }
    }

    private static ObjectName name(String properties) {
        try {
            return new ObjectName(DOMAIN + ":" + properties);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(properties, e);
        }
    }

    @Override
    public void close() {
        Set.copyOf(registered).forEach(this::unregister);
    }
}
