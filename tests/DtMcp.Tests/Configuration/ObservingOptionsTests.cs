using DtMcp.Configuration;

namespace DtMcp.Tests.Configuration;

public sealed class ObservingOptionsTests
{
    [Theory]
    [InlineData("", "off")]
    [InlineData("OTEL_SERVICE_NAME=a", "off")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", "traces metrics logs")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_SDK_DISABLED=true", "off")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_LOGS_EXPORTER=none", "traces metrics")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://collector.test/v1/traces", "traces")]
    [InlineData("OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none", "off")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", "traces")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus", "127.0.0.1:9464")]
    [InlineData("OTEL_METRICS_EXPORTER=otlp,prometheus OTEL_EXPORTER_PROMETHEUS_HOST=0.0.0.0 OTEL_EXPORTER_PROMETHEUS_PORT=9000",
        "metrics 0.0.0.0:9000")]
    public void OpenTelemetrys_variables_say_what_is_told(string variables, string expected)
    {
        var options = Read(variables);
        Assert.Equal(expected, options is null ? "off" : string.Join(' ', new[]
        {
            options.Traces ? "traces" : null, options.Metrics ? "metrics" : null, options.Logs ? "logs" : null, options.Scrape?.ToString(),
        }.OfType<string>()));
    }

    [Theory]
    [InlineData("OTEL_METRICS_EXPORTER=console", "OTEL_METRICS_EXPORTER")]
    [InlineData("OTEL_TRACES_EXPORTER=prometheus", "OTEL_TRACES_EXPORTER")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus OTEL_EXPORTER_PROMETHEUS_PORT=70000", "OTEL_EXPORTER_PROMETHEUS_PORT")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus OTEL_EXPORTER_PROMETHEUS_HOST=all", "OTEL_EXPORTER_PROMETHEUS_HOST")]
    public void What_cannot_be_followed_is_named(string variables, string name)
    {
        var refused = Assert.Throws<SetupException>(() => Read(variables));
        Assert.StartsWith(name + " ", refused.Message, StringComparison.Ordinal);
    }

    private static ObservingOptions? Read(string variables) => ObservingOptions.Read(Settings.Read(
        variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1]))));
}
