package io.firefly.voip.ops.jmx;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** An MXBean that tells what {@link Described} says of it. */
final class DescribedMBean extends StandardMBean {
    /** Per interface: every call is an MBean, and to find out what one looks like costs more than to show it. */
    private static final Map<Class<?>, MBeanInfo> KNOWN = new ConcurrentHashMap<>();

    private final Class<?> described;

    <T> DescribedMBean(T bean, Class<T> mxBean) {
        super(bean, mxBean, true);
        this.described = mxBean;
    }

    @Override
    protected @Nullable MBeanInfo getCachedMBeanInfo() {
        return KNOWN.get(described);
    }

    @Override
    protected void cacheMBeanInfo(@Nullable MBeanInfo info) {
        // The constructor of StandardMBean wants to forget what it has not looked at yet.
        if (info != null) KNOWN.put(described, info);
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return text(described.getAnnotation(Described.class)).orElse("");
    }

    @Override
    protected String getDescription(MBeanFeatureInfo feature) {
        return feature.getDescription();
    }

    @Override
    protected String getDescription(MBeanAttributeInfo attribute) {
        return methods("get" + attribute.getName(), "is" + attribute.getName())
                .findFirst()
                .flatMap(method -> text(method.getAnnotation(Described.class)))
                .orElse("");
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation) {
        return methods(operation.getName())
                .findFirst()
                .flatMap(method -> text(method.getAnnotation(Described.class)))
                .orElse("");
    }

    @Override
    protected int getImpact(MBeanOperationInfo operation) {
        return operation.getReturnType().equals(void.class.getName())
                ? MBeanOperationInfo.ACTION
                : MBeanOperationInfo.INFO;
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo parameter, int sequence) {
        return parameter(operation, sequence).flatMap(DescribedMBean::text).orElse("");
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int sequence) {
        return parameter(operation, sequence)
                .map(Described::name)
                .filter(name -> !name.isEmpty())
                .orElse(parameter.getName());
    }

    private Optional<Described> parameter(MBeanOperationInfo operation, int sequence) {
        return methods(operation.getName())
                .map(Method::getParameters)
                .filter(parameters -> parameters.length > sequence)
                .map(parameters -> parameters[sequence])
                .map(DescribedMBean::description)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Described> description(Parameter parameter) {
        return Optional.ofNullable(parameter.getAnnotation(Described.class));
    }

    private Stream<Method> methods(String... names) {
        return Arrays.stream(described.getMethods())
                .filter(method -> Arrays.asList(names).contains(method.getName()));
    }

    private static Optional<String> text(Annotation annotation) {
        return annotation instanceof Described known ? Optional.of(known.value()) : Optional.empty();
    }
}
