package io.firefly.voip.sip.stack;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.DatagramQueuedMessageDispatch;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.UDPMessageChannel;
import gov.nist.javax.sip.stack.UDPMessageProcessor;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Datagrams are read and parsed by one thread, {@code sip-udp}, which keeps their order. The stack's own reader hands each
 * to another thread, in a fresh buffer of the largest size; its queue has no bound, ours is the socket's buffer.
 */
public final class UdpDoor implements MessageProcessorFactory {
    private final MessageProcessorFactory others = new OIOMessageProcessorFactory();

    @Override
    public MessageProcessor createMessageProcessor(
            SIPTransactionStack stack, InetAddress address, int port, String transport) throws IOException {
        return transport.equalsIgnoreCase("udp")
                ? new Processor(stack, address, port)
                : others.createMessageProcessor(stack, address, port, transport);
    }

    private static final class Processor extends UDPMessageProcessor {
        private final int largest;

        @SuppressWarnings("JdkObsolete") // The field is the stack's.
        Processor(SIPTransactionStack stack, InetAddress address, int port) throws IOException {
            super(address, stack, port);
            largest = stack.getMaxMessageSize();
            messageChannels = new LinkedList<>();
        }

        @Override
        @SuppressWarnings("unchecked") // The stack's list is raw.
        public void start() {
            isRunning = true;
            messageQueue = new Datagrams(this);
            // Its thread starts at once, takes from the queue and ends when the processor stops.
            messageChannels.add(new Channel(sipStack, this));
        }

        @Override
        public MessageChannel createMessageChannel(InetAddress host, int port) {
            return new Channel(host, port, sipStack, this);
        }

        @Override
        public MessageChannel createMessageChannel(HostPort target) throws UnknownHostException {
            return createMessageChannel(target.getInetAddress(), target.getPort());
        }

        DatagramSocket socket() {
            return sock;
        }

        boolean isOpen() {
            return isRunning;
        }
    }

    /** The stack's channel, which sends by the socket that we listen at: peers behind NAT know no other. */
    private static final class Channel extends UDPMessageChannel {
        Channel(SIPTransactionStack stack, Processor processor) {
            super(stack, processor, "sip-udp");
        }

        Channel(InetAddress host, int port, SIPTransactionStack stack, Processor processor) {
            super(host, port, stack, processor);
        }

        @Override
        protected void sendMessage(byte[] message, InetAddress host, int port, boolean again) throws IOException {
            if (port <= 0) throw new IOException("no port to send to");
            // Not a field of ours: the thread runs before we are built.
            ((Processor) messageProcessor).socket().send(new DatagramPacket(message, message.length, host, port));
        }

        @Override
        protected void sendMessage(byte[] message, InetAddress host, int port, String transport, boolean again)
                throws IOException {
            if (!transport.equalsIgnoreCase("udp")) super.sendMessage(message, host, port, transport, again);
            else sendMessage(message, host, port, again);
        }
    }

    /** Where the stack's thread takes its datagrams from: the socket itself. */
    private static final class Datagrams extends LinkedBlockingQueue<DatagramQueuedMessageDispatch> {
        private static final long serialVersionUID = 1L;

        private final transient Processor processor;
        private final transient DatagramPacket packet;

        Datagrams(Processor processor) {
            this.processor = processor;
            this.packet = new DatagramPacket(new byte[processor.largest], processor.largest);
        }

        /** Waits for the next datagram. The one before has been copied and parsed by then. */
        @Override
        public DatagramQueuedMessageDispatch take() throws InterruptedException {
            while (processor.isOpen()) {
                try {
                    packet.setLength(processor.largest);
                    processor.socket().receive(packet);
                    return new DatagramQueuedMessageDispatch(packet, System.currentTimeMillis());
                } catch (IOException failed) {
                    // Closed by us, or an ICMP error of a datagram we sent; the next one may be fine.
                    if (processor.socket().isClosed()) break;
                }
            }
            throw new InterruptedException("closed");
        }
    }
}
