package dev.perimeter.proxy.sidecar.admin.operate;

import dev.perimeter.proxy.sidecar.admin.AdminPage;
import dev.perimeter.proxy.sidecar.admin.ProxyView;
import dev.perimeter.proxy.sidecar.admin.Query;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /memory}: Envoy's names where a JVM has the same thing, and its own beside them; numbers are texts, as there. */
public final class MemoryPage implements AdminPage {

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("allocated", Long.toString(heap.getUsed() + direct));
        page.put("heap_size", Long.toString(heap.getCommitted()));
        page.put("max_heap_size", Long.toString(heap.getMax()));
        page.put("pageheap_free", Long.toString(heap.getCommitted() - heap.getUsed()));
        page.put("non_heap", Long.toString(other.getCommitted()));
        page.put("direct", Long.toString(direct));
        return AdminReply.json(Json.write(page));
    }
}
