package dev.perimeter.proxy.sidecar.grpc;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of messages came to one end of a call, as received and unpacked. */
final class MessageSizes {

    /** Of one call. */
    static final class Sizes {

        private final AtomicLong received = new AtomicLong();
        private final AtomicLong unpacked = new AtomicLong();

        boolean wasCompressed() {
            return received.get() < unpacked.get();
        }
    }

    private volatile Sizes last = new Sizes();

    /** Of the call that began last. */
    Sizes last() {
        return last;
    }

    private Sizes begin() {
        Sizes sizes = new Sizes();
        last = sizes;
        return sizes;
    }

    ClientStreamTracer.Factory ofClient() {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                Sizes sizes = begin();
                return new ClientStreamTracer() {
                    @Override
                    public void inboundWireSize(long bytes) {
                        sizes.received.addAndGet(bytes);
                    }

                    @Override
                    public void inboundUncompressedSize(long bytes) {
                        sizes.unpacked.addAndGet(bytes);
                    }
                };
            }
        };
    }

    ServerStreamTracer.Factory ofServer() {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                Sizes sizes = begin();
                return new ServerStreamTracer() {
                    @Override
                    public void inboundWireSize(long bytes) {
                        sizes.received.addAndGet(bytes);
                    }

                    @Override
                    public void inboundUncompressedSize(long bytes) {
                        sizes.unpacked.addAndGet(bytes);
                    }
                };
            }
        };
    }
}
