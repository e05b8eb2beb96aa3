package io.firefly.voip.ops.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import javax.management.MBeanInfo;
import org.junit.jupiter.api.Test;

/** What an MBean tells of itself, and that it is not found out anew for every call. */
class DescribedMBeanTest {
    /** A kind of MBean. */
    @Described("A lamp.")
    public interface LampMXBean {
        @Described("Whether it shines")
        boolean isOn();
    }

    /** Another kind of MBean. */
    @Described("A door.")
    public interface DoorMXBean {
        boolean isOpen();
    }

    @Test
    void whatAKindOfMBeanLooksLikeIsFoundOutOnce() {
        MBeanInfo lamp = new DescribedMBean(() -> true, LampMXBean.class).getMBeanInfo();
        assertThat(lamp.getDescription()).isEqualTo("A lamp.");
        assertThat(lamp.getAttributes()).singleElement().satisfies(on -> assertThat(on.getDescription())
                .isEqualTo("Whether it shines"));
        assertThat(new DescribedMBean(() -> false, LampMXBean.class).getMBeanInfo())
                .isSameAs(lamp);
        assertThat(new DescribedMBean(() -> true, DoorMXBean.class)
                        .getMBeanInfo()
                        .getDescription())
                .isEqualTo("A door.");
    }
}
