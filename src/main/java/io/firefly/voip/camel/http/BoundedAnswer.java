package io.firefly.voip.camel.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** An answer that ends with an error where it becomes too long, however it was packed. */
final class BoundedAnswer extends HttpEntityWrapper {
    private final int maxBytes;

    BoundedAnswer(HttpEntity answer, int maxBytes) {
        super(answer);
        this.maxBytes = maxBytes;
    }

    @Override
    public InputStream getContent() throws IOException {
        return new Counting(super.getContent(), maxBytes);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream content = getContent()) {
            content.transferTo(out);
        }
    }

    private static final class Counting extends FilterInputStream {
        private final int maxBytes;
        private long count;

        Counting(InputStream in, int maxBytes) {
            super(in);
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) count(1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) count(read);
            return read;
        }

        private void count(int more) throws IOException {
            count += more;
            if (count > maxBytes) throw new IOException("the answer has more than " + maxBytes + " bytes");
        }
    }
}
