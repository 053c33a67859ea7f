package dev.perimeter.proxy.xds.resource.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.PathConfigSource;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import java.time.Duration;

/** Where a named resource comes from: the one ADS stream, a stream of its type, or a file. */
public final class ConfigSources {

    private static final FieldList ENVOY_GRPC = FieldList.of(GrpcService.EnvoyGrpc::getDescriptor)
            .honoured(GrpcService.EnvoyGrpc.CLUSTER_NAME_FIELD_NUMBER);

    private static final FieldList GRPC = FieldList.of(GrpcService::getDescriptor)
            .inside(GrpcService.ENVOY_GRPC_FIELD_NUMBER, ENVOY_GRPC)
            // A stream of discovery has no end to wait for.
            .harmless(GrpcService.TIMEOUT_FIELD_NUMBER);

    private static final FieldList API = FieldList.of(ApiConfigSource::getDescriptor)
            .honoured(
                    ApiConfigSource.API_TYPE_FIELD_NUMBER,
                    ApiConfigSource.TRANSPORT_API_VERSION_FIELD_NUMBER,
                    ApiConfigSource.SET_NODE_ON_FIRST_MESSAGE_ONLY_FIELD_NUMBER)
            .inside(ApiConfigSource.GRPC_SERVICES_FIELD_NUMBER, GRPC)
            .harmless(ApiConfigSource.REQUEST_TIMEOUT_FIELD_NUMBER, ApiConfigSource.REFRESH_DELAY_FIELD_NUMBER);

    private static final FieldList PATH = FieldList.of(PathConfigSource::getDescriptor)
            .honoured(PathConfigSource.PATH_FIELD_NUMBER)
            // What is watched is the file itself, through whatever links lead there.
            .inside(
                    PathConfigSource.WATCHED_DIRECTORY_FIELD_NUMBER,
                    FieldList.of(WatchedDirectory::getDescriptor).harmless(WatchedDirectory.PATH_FIELD_NUMBER));

    public static final FieldList FIELDS = FieldList.of(ConfigSource::getDescriptor)
            .honoured(
                    ConfigSource.ADS_FIELD_NUMBER,
                    ConfigSource.SELF_FIELD_NUMBER,
                    ConfigSource.RESOURCE_API_VERSION_FIELD_NUMBER,
                    ConfigSource.PATH_FIELD_NUMBER,
                    ConfigSource.INITIAL_FETCH_TIMEOUT_FIELD_NUMBER)
            .inside(ConfigSource.API_CONFIG_SOURCE_FIELD_NUMBER, API)
            .inside(ConfigSource.PATH_CONFIG_SOURCE_FIELD_NUMBER, PATH);

    /** Envoy's, for an {@code initial_fetch_timeout} that is not set. */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(15);

    private ConfigSources() {}

    /**
     * Notes that a resource is needed from there, and holds back whoever needs it until it has come.
     *
     * @param place of the source
     * @return that resource; its key is what the engine calls it
     */
    public static Named reference(ResourceType type, String name, ConfigSource source, Place place) {
        return reference(type, name, source, true, place);
    }

    /** Notes that a resource is needed that stands in the bootstrap. */
    public static Named fixed(ResourceType type, String name, Place place) {
        Named named = new Named(type, ResourceSource.STATIC, name);
        place.needs(named, true, USUAL_WAIT);
        return named;
    }

    /** @param awaited whether who needs the resource is held back until it has come */
    public static Named reference(ResourceType type, String name, ConfigSource source, boolean awaited, Place place) {
        Named named = new Named(type, read(source, place), name);
        Duration wait = source.hasInitialFetchTimeout()
                ? Amounts.notNegative(source.getInitialFetchTimeout(), place.in("initial_fetch_timeout"))
                : USUAL_WAIT;
        place.needs(named, awaited, wait);
        return named;
    }

    /** What {@code path_config_source} took the place of is still written. */
    @SuppressWarnings("deprecation")
    private static ResourceSource read(ConfigSource source, Place place) {
        if (source.getResourceApiVersionValue() != ApiVersion.V3_VALUE
                && source.getResourceApiVersionValue() != ApiVersion.AUTO_VALUE) {
            place.in("resource_api_version").refuse("must be V3");
        }
        return switch (source.getConfigSourceSpecifierCase()) {
            case ADS, SELF -> ResourceSource.ADS;
            case API_CONFIG_SOURCE -> api(source.getApiConfigSource(), place.in("api_config_source"));
            case PATH_CONFIG_SOURCE ->
                file(
                        source.getPathConfigSource().getPath(),
                        place.in("path_config_source").in("path"));
            case PATH -> file(source.getPath(), place.in("path"));
            case CONFIGSOURCESPECIFIER_NOT_SET -> {
                place.refuse("needs ads, self (which is the same here), api_config_source or path_config_source");
                yield ResourceSource.ADS;
            }
        };
    }

    private static ResourceSource api(ApiConfigSource api, Place place) {
        boolean delta = api.getApiTypeValue() == ApiType.DELTA_GRPC_VALUE;
        if (!delta && api.getApiTypeValue() != ApiType.GRPC_VALUE) {
            place.in("api_type").refuse(api.getApiType() + " is not supported yet, only GRPC and DELTA_GRPC are");
        }
        if (api.getTransportApiVersionValue() != ApiVersion.V3_VALUE) {
            place.in("transport_api_version").refuse("must be V3");
        }
        if (api.getGrpcServicesCount() != 1) {
            place.in("grpc_services").refuse("must hold exactly one, not " + api.getGrpcServicesCount());
            return ResourceSource.ADS;
        }
        String cluster = api.getGrpcServices(0).getEnvoyGrpc().getClusterName();
        Names.required(cluster, place.in("grpc_services", 0).in("envoy_grpc").in("cluster_name"));
        return new ResourceSource.Grpc(cluster, delta);
    }

    private static ResourceSource file(String path, Place place) {
        return new ResourceSource.File(Names.required(path, place));
    }
}
