package dev.perimeter.proxy.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A name server on a UDP port of its own (RFC 1035) that knows what a test tells it, and can fall silent or fail. */
public final class FakeNameServer implements AutoCloseable {

    private record Zone(List<InetAddress> addresses, int ttlSeconds) {}

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Zone> names = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> questions = new ConcurrentHashMap<>();
    private final Channel channel;
    private volatile boolean silent;
    private volatile @Nullable DnsResponseCode error;

    private FakeNameServer() {
        channel = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel opened) {
                        opened.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Answers());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    public static FakeNameServer start() {
        return new FakeNameServer();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** From now on the name has these addresses, of either version; none for a name that exists without any. */
    public FakeNameServer say(String name, int ttlSeconds, String... addresses) {
        names.put(
                name,
                new Zone(List.of(addresses).stream().map(InetAddress::ofLiteral).toList(), ttlSeconds));
        return this;
    }

    /** From now on there is no such name. */
    public void forget(String name) {
        names.remove(name);
    }

    /** Whether questions stay without an answer. */
    public void silent(boolean on) {
        silent = on;
    }

    /** What every question is answered with, or null for what is known. */
    public void failing(@Nullable DnsResponseCode code) {
        error = code;
    }

    /** How often a name was asked for, for any kind of address. */
    public int questions(String name) {
        AtomicInteger count = questions.get(name);
        return count == null ? 0 : count.get();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            String name = question.name().substring(0, question.name().length() - 1);
            questions.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
            if (!silent) {
                ctx.writeAndFlush(answer(query, question, names.get(name)));
            }
        }

        private DatagramDnsResponse answer(DatagramDnsQuery query, DnsQuestion question, @Nullable Zone zone) {
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.setAuthoritativeAnswer(true).setRecursionAvailable(true);
            response.addRecord(
                    DnsSection.QUESTION,
                    new io.netty.handler.codec.dns.DefaultDnsQuestion(question.name(), question.type()));
            DnsResponseCode failing = error;
            if (failing != null) {
                response.setCode(failing);
            } else if (zone == null) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            } else {
                int bytes = question.type().equals(DnsRecordType.AAAA) ? 16 : 4;
                for (InetAddress address : zone.addresses()) {
                    if (address.getAddress().length == bytes) {
                        response.addRecord(
                                DnsSection.ANSWER,
                                new DefaultDnsRawRecord(
                                        question.name(),
                                        question.type(),
                                        zone.ttlSeconds(),
                                        Unpooled.wrappedBuffer(address.getAddress())));
                    }
                }
            }
            return response;
        }
    }
}
