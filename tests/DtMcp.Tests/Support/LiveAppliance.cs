using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DtMcp.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DtMcp.Tests.Support;

/// <summary>
/// A stand-in appliance that shares nothing with the emulator: a web server with entries of Advanced Search written by hand as recorded
/// ones are. It selects by insertion and by the ranges of <c>epochdate</c>, the services, ports and addresses of the search, and nothing
/// else.
/// </summary>
internal sealed class LiveAppliance : IAsyncDisposable
{
    public const string Tables =
        """{"statistics":[{"Connection Status":[]}],"subnets":[],"devices":[],"externaldevices":[],"metric":{},"connections":[]}""";

    private readonly WebApplication _app;
    private readonly List<Entry> _entries = [];
    private readonly List<string> _searches = [];

    private LiveAppliance(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>What <c>/network</c> answers.</summary>
    public string Network { get; set; } = Tables;

    /// <summary>The names of application protocols in <c>/enums</c>.</summary>
    public IReadOnlyList<string> Applications { get; set; } = ["Unknown", "HTTPS", "SSL", "DNS", "SSH", "Kerberos", "Facebook"];

    /// <summary>Put in place of an answer to a search: status, type and body.</summary>
    public (int Status, string Type, string Body)? Refusal { get; set; }

    /// <summary>The probe that did not answer, as the appliance names it.</summary>
    public string SilentProbe { get; set; } = "";

    public bool TimedOut { get; set; }

    public int FailedShards { get; set; }

    /// <summary>The searches that came, as their JSON.</summary>
    public IReadOnlyList<string> Searches
    {
        get
        {
            lock (_searches)
            {
                return [.. _searches];
            }
        }
    }

    public static async Task<LiveAppliance> StartAsync(params IEnumerable<Entry> entries)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var appliance = new LiveAppliance(builder.Build());
        appliance._entries.AddRange(entries);
        appliance._app.Run(appliance.AnswerAsync);
        await appliance._app.StartAsync(TestContext.Current.CancellationToken);
        return appliance;
    }

    /// <summary>Asks the program, as a process, over its command line.</summary>
    public async Task<(int Code, string Output, string Error)> CallAsync(params string[] arguments)
    {
        // In this process: a program of its own would take longer to start than to answer.
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await DtMcp.Commands.Entry.RunAsync(["call", .. arguments], new ProcessContext
        {
            Input = () => Stream.Null,
            Output = () => Stream.Null,
            Out = output,
            Error = error,
            Settings = DtMcp.Configuration.Settings.Read(
            [
                new("DARKTRACE_HOST", Address), new("DARKTRACE_PUBLIC_TOKEN", Clients.PublicToken),
                new("DARKTRACE_PRIVATE_TOKEN", Clients.PrivateToken), .. Settings,
            ]),
            Clock = TimeProvider.System,
        });
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Settings of the program beside host and tokens.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public async Task<JsonElement> AskAsync(params string[] arguments)
    {
        var (code, output, error) = await CallAsync([.. arguments, "--format", "json", "--no-budget"]);
        Assert.True(code == 0, error);
        return JsonElement.Parse(output);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Assert.True(context.Request.Headers.ContainsKey("DTAPI-Signature"));
        var path = context.Request.Path.Value!;
        var (status, type, body) = (200, "application/json; charset=utf-8", "[]");
        if (path.StartsWith("/advancedsearch/api/search", StringComparison.Ordinal))
        {
            var search = await SearchAsync(context, path);
            lock (_searches)
            {
                _searches.Add(search);
            }

            (status, type, body) = Refusal ?? (200, type, Page(JsonElement.Parse(search)));
        }
        else if (path == "/network")
        {
            body = Network;
        }
        else if (path == "/enums")
        {
            body = """{"Protocol":[{"code":"6","name":"TCP"},{"code":"17","name":"UDP"}],"Application protocol":"""
                + $"[{string.Join(',', Applications.Select((name, i) => $"{{\"code\":\"{1000 + i}\",\"name\":\"{name}\"}}"))}]}}";
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<string> SearchAsync(HttpContext context, string path)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(path.AsSpan(path.LastIndexOf('/') + 1)));
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        return Encoding.UTF8.GetString(Convert.FromBase64String(body.RootElement.GetProperty("hash").GetString()!));
    }

    private string Page(JsonElement asked)
    {
        var search = asked.GetProperty("search").GetString()!;
        var time = asked.GetProperty("time");
        var (from, to) = (Time(time.GetProperty("from")), Time(time.GetProperty("to")));
        var (after, before) = (Bound(search, '>'), Bound(search, '<'));
        var matches = _entries
            .Where(entry => entry.Inserted >= from && entry.Inserted <= to && (entry.Start is not { } start
                || (start > after && start < before)) && entry.Passes(search))
            .OrderByDescending(entry => entry.Inserted).ToList();
        var page = matches.Skip(asked.GetProperty("offset").GetInt32()).Take(asked.GetProperty("size").GetInt32());
        return $$"""
            {"took":4,"timed_out":{{(TimedOut ? "true" : "false")}},"_shards":{"total":2,"successful":{{2 - FailedShards}},"skipped":0,
             "failed":{{FailedShards}} },
             "hits":{"total":{{matches.Count}},"max_score":null,"hits":[{{string.Join(",\n", page.Select(entry => entry.Text))}}]},
             "darktraceChildError":{{JsonSerializer.Serialize(SilentProbe)}},"kibana":{"per_page":50} }
            """;

        static decimal Time(JsonElement value) =>
            DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1000m;
    }

    private static decimal Bound(string search, char side)
    {
        var match = Regex.Match(search, $@"@fields\.epochdate:{side}(\d+(\.\d+)?)");
        return match.Success
            ? decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : side == '>'
            ? decimal.MinValue
            : decimal.MaxValue;
    }

    /// <summary>One entry: what it is selected by, and its text.</summary>
    internal sealed record Entry(decimal? Start, decimal Inserted, string Source, string Destination, int Port, string? Service,
        string Text)
    {
        /// <summary>An entry with the fields of a recorded one. Seconds since 1970, UTC.</summary>
        /// <param name="start">When the connection began, to the microsecond.</param>
        /// <param name="source">The originator.</param>
        /// <param name="destination">The responder.</param>
        /// <param name="port">The responder's port.</param>
        /// <param name="service">Zeek's name, or null.</param>
        /// <param name="fields">More fields, or others in place of these: each <c>"name":value</c>.</param>
        /// <param name="duration">Seconds; null for a lone packet.</param>
        /// <param name="lag">Seconds from its end to its insertion.</param>
        /// <param name="bytes">Payload that the originator sent and received.</param>
        public static Entry Of(
            decimal start, string source, string destination, int port, string? service = "ssl", string fields = "",
            decimal? duration = 0.5m, decimal lag = 2, (long Sent, long Received)? bytes = null)
        {
            var inserted = Math.Floor(start + (duration ?? 0) + lag);
            var (sent, received) = bytes ?? (1226, 1603);
            return new Entry(start, inserted, source, destination, port, service, With(inserted, $$"""
                "orig_pkts":14,"epochdate":{{start}},"orig_ttl":128,
                 "resp_bytes":{{received}},{{(duration is null ? "" : "\"duration\":" + duration + ",")}}"source_ip":"{{source}}",
                 "source_port":52144,
                "dest_ip":"{{destination}}","dest_port":{{port}},"conn_state":"SF","orig_bytes":{{sent}},"resp_ip_bytes":1999,
                 "resp_pkts":8,"proto":"tcp","orig_ip_bytes":1910,"history":"ShADdaFf",
                "start_ts":{{start}},"uid":"C{{start * 1_000_000:0}}{{port}}",
                 "conn_state_full":"Normal establishment and termination"
                 {{(service is null ? "" : ",\"service\":\"" + service + "\"")}}{{(fields.Length == 0 ? "" : "," + fields)}}
                """));
        }

        /// <summary>An entry of these fields alone, put into the index at a time.</summary>
        public static Entry Bare(decimal inserted, string fields, string message = "") =>
            new(null, inserted, "", "", 0, null, With(inserted, fields, message));

        public bool Passes(string search) =>
            Any(search, "service", Service, NoService)
                && Any(search, "dest_port", Port.ToString(CultureInfo.InvariantCulture), "source_port")
                && Any(search, "dest_ip", Destination, Source);

        private const string NoService = "NOT _exists_:\"@fields.service\"";

        // Of a group of terms on one field, one has to fit.
        private bool Any(string search, string field, string? value, string otherwise)
        {
            if (field == "service")
            {
                var named = search.Contains("@fields.service:\"", StringComparison.Ordinal);
                var unknown = search.Contains(NoService, StringComparison.Ordinal);
                var unknownAt443 = search.Contains($"(@fields.dest_port:\"443\" AND {NoService})", StringComparison.Ordinal);
                return (!named && !unknown)
                    || (value is not null && search.Contains($"@fields.service:\"{value}\"", StringComparison.Ordinal))
                    || (value is null && unknown && (!unknownAt443 || Port == 443));
            }

            if (field == "dest_port")
            {
                search = search.Replace($"(@fields.dest_port:\"443\" AND {NoService})", "", StringComparison.Ordinal);
            }

            return !search.Contains($"@fields.{field}:\"", StringComparison.Ordinal)
                || search.Contains($"@fields.{field}:\"{value}\"", StringComparison.Ordinal)
                || (field == "dest_ip" && search.Contains($"@fields.source_ip:\"{otherwise}\"", StringComparison.Ordinal));
        }

        private static string With(decimal inserted, string fields, string message = "(tab separated log line)")
        {
            var at = DateTimeOffset.FromUnixTimeSeconds((long)inserted).UtcDateTime;
            return string.Create(CultureInfo.InvariantCulture, $$$"""
                {"_index":"logstash-vmprobe-{{{at:yyyy.MM.dd}}}","_type":"doc","_id":"a","_score":null,
                 "_source":{"@fields":{{{{fields}}}},"@type":"conn","@timestamp":"{{{at:yyyy-MM-dd'T'HH:mm:ss}}}",
                 "@message":{{{JsonSerializer.Serialize(message)}}},"@darktrace_probe":"1"},"sort":[{{{(long)inserted * 1000}}}]}
                """);
        }
    }
}
