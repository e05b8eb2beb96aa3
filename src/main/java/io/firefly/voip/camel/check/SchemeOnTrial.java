package io.firefly.voip.camel.check;

import java.util.function.Supplier;
import org.apache.camel.Component;

/**
 * One of our schemes as a dry run sees it. A component belongs to one Camel context, so the dry run gets a new one that
 * knows the same operations and options, and whose endpoints touch nothing outside: no port, no call, no warning.
 *
 * <p>A bean of this type is found by the reload. A scheme without one is taken on trust: the dry run accepts whatever
 * options it is given.
 */
public interface SchemeOnTrial {
    /** As it stands before the colon: {@code call}. */
    String scheme();

    /** A new component, for one dry run. */
    Component create();

    static SchemeOnTrial of(String scheme, Supplier<? extends Component> component) {
        record Named(String scheme, Supplier<? extends Component> component) implements SchemeOnTrial {
            @Override
            public Component create() {
                return component.get();
            }
        }
        return new Named(scheme, component);
    }
}
