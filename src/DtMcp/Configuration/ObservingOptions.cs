using System.Net;
using DtMcp.Tools.Arguments;

namespace DtMcp.Configuration;

/// <summary>
/// Where spans, metrics and logs go, by OpenTelemetry's own variables: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> for all, or one for a signal;
/// <c>OTEL_TRACES_EXPORTER</c>, <c>OTEL_METRICS_EXPORTER</c> and <c>OTEL_LOGS_EXPORTER</c> choose. What these do not name is the library's.
/// </summary>
/// <param name="Traces">Whether spans are sent.</param>
/// <param name="Metrics">Whether metrics are sent.</param>
/// <param name="Logs">Whether the log is sent, beside stderr.</param>
/// <param name="Scrape">Where Prometheus reads the metrics; null for nowhere.</param>
/// <param name="Values">All of the variables.</param>
internal sealed record ObservingOptions(
    bool Traces, bool Metrics, bool Logs, IPEndPoint? Scrape, IReadOnlyDictionary<string, string> Values)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // What the specification of OpenTelemetry gives Prometheus.
    private const int DefaultPort = 9464;

    /// <summary>Null when nothing is to be told to anybody.</summary>
    /// <exception cref="SetupException">A variable that cannot be followed.</exception>
    public static ObservingOptions? Read(Settings settings)
    {
        var values = settings.Observing;
        if (values.Count == 0 || Told(values, "OTEL_SDK_DISABLED") is { } disabled
            && disabled.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var traces = Exporters(values, "TRACES");
        var metrics = Exporters(values, "METRICS", "prometheus");
        var logs = Exporters(values, "LOGS");
        var options = new ObservingOptions(traces.Contains("otlp"), metrics.Contains("otlp"), logs.Contains("otlp"),
            metrics.Contains("prometheus") ? Scraped(values) : null, values);
        if (!options.Traces && !options.Metrics && !options.Logs && options.Scrape is null)
        {
            return null;
        }

        Check(values);
        return options;
    }

    /// <summary>The same where nothing is served that could be read; null when nothing is left.</summary>
    public ObservingOptions? WithoutPage() => Traces || Metrics || Logs ? this with { Scrape = null } : null;

    private static string? Told(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    // The specification sends to a collector on this machine where nothing is said; a program that nobody asked to must not.
    private static string[] Exporters(IReadOnlyDictionary<string, string> values, string signal, string? more = null)
    {
        var name = $"OTEL_{signal}_EXPORTER";
        if (Told(values, name) is not { } told)
        {
            return Told(values, Endpoint) is null && Told(values, $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is null ? [] : ["otlp"];
        }

        string[] known = more is null ? ["otlp", "none"] : ["otlp", "none", more];
        var words = told.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(words, word => !known.Contains(word)) is { } wrong
            ? throw new SetupException($"{name} has {Refusal.Shown(wrong)}. Set {Refusal.Either(known)}.")
            : words.Contains("none") ? [] : words;
    }

    private static IPEndPoint Scraped(IReadOnlyDictionary<string, string> values)
    {
        var host = Told(values, "OTEL_EXPORTER_PROMETHEUS_HOST") ?? "localhost";
        var port = Told(values, "OTEL_EXPORTER_PROMETHEUS_PORT");
        var number = DefaultPort;
        if (port is not null && (!int.TryParse(port, System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out number) || number > IPEndPoint.MaxPort))
        {
            throw new SetupException($"OTEL_EXPORTER_PROMETHEUS_PORT is {Refusal.Shown(port)}. Set a port, such as {DefaultPort}.");
        }

        return host == "localhost" ? new IPEndPoint(IPAddress.Loopback, number)
            : IPAddress.TryParse(host.Trim('[', ']'), out var address) ? new IPEndPoint(address, number)
            : throw new SetupException(
                $"OTEL_EXPORTER_PROMETHEUS_HOST is {Refusal.Shown(host)}. Set localhost or the address of an interface.");
    }

    // The library would fall back without a word, or end the program.
    private static void Check(IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            if (value.Length == 0)
            {
                continue;
            }

            if (name.StartsWith("OTEL_EXPORTER_OTLP", StringComparison.Ordinal) && name.EndsWith("_ENDPOINT", StringComparison.Ordinal)
                && !(Uri.TryCreate(value, UriKind.Absolute, out var uri)
                    && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)))
            {
                throw new SetupException($"{name} is no address. Set http:// or https:// and the collector's name and port.");
            }

            if (name.StartsWith("OTEL_EXPORTER_OTLP", StringComparison.Ordinal) && name.EndsWith("_PROTOCOL", StringComparison.Ordinal)
                && value is not ("grpc" or "http/protobuf"))
            {
                throw new SetupException($"{name} is {Refusal.Shown(value)}. Set grpc or http/protobuf.");
            }
        }
    }
}
