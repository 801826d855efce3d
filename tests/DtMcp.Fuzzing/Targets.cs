using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DtMcp.Configuration;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Flows;
using DtMcp.Darktrace.Reading.Network;
using DtMcp.Darktrace.Reading.Records;
using DtMcp.Running;
using DtMcp.Serving;
using DtMcp.Serving.Access;
using DtMcp.Simulator.Records.Addresses;
using DtMcp.Simulator.Records.ConnLogs;
using DtMcp.Simulator.Setup;
using DtMcp.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;
using ModelContextProtocol.Protocol;

namespace DtMcp.Fuzzing;

internal static class Targets
{
    private static readonly Lazy<ToolRunner> Runner = new(() =>
    {
        var demo = new DemoOptions { Connections = 500, Days = 1, Now = new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero) };
        return new ToolRunner(Wait(InvestigatorOpening.OpenDemoAsync(
            Settings.Read([]), demo, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None)), NullLoggerFactory.Instance);
    });

    private static readonly Lazy<OAuthAccess> Access = new(() =>
    {
        const string Resource = "https://dtmcp.example/mcp";
        var options = new OAuthOptions(new Uri("https://issuer.example"), new Uri(Resource), Resource, "dtmcp.read");
        var key = new SymmetricSecurityKey(new byte[32]) { KeyId = "k" };
        return new OAuthAccess(options, new IssuerKeys(() => Task.FromResult<IReadOnlyList<SecurityKey>>([key]), TimeProvider.System,
            NullLogger.Instance), new ProtectedResource(options));
    });

    public static IReadOnlyList<Target> All { get; } =
    [
        Of("messages", input => IncomingMessage.Read(input)),
        Of("network", input => Refusing<ApplianceException>(() =>
            Wait(NetworkReader.ReadAsync(new MemoryStream(input), new FlowSet(), null, CancellationToken.None)))),
        Of("search", input => Refusing<ApplianceException>(() =>
            Wait(AdvancedSearchReader.ReadAsync(new MemoryStream(input), new FlowSet(), null, CancellationToken.None)))),
        Of("zeek", input => Refusing<SimulatorException>(() =>
            ConnLog.Read(new MemoryStream(input), "conn.log", AddressRules.Default, CancellationToken.None))),
        Of("cursors", input => Call("get_network_traffic", JsonSerializer.Serialize(
            new Dictionary<string, string> { ["cursor"] = Encoding.UTF8.GetString(input) }))),
        Of("arguments", input => Call("aggregate_traffic", Encoding.UTF8.GetString(input))),
        Of("configuration", Configure),
        Of("jwt", input =>
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.Authorization = "Bearer " + Encoding.Latin1.GetString(input);
            if (Wait(Access.Value.AdmitAsync(context).AsTask()).Who is not null)
            {
                throw new InvalidOperationException("A token that nobody signed lets in.");
            }
        }),
    ];

    // Inputs that are right, of each form: a file each.
    private static Target Of(string name, Action<byte[]> attempt) => new(
        name, [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "seeds", name)).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)], attempt);

    public static string Names => string.Join(", ", All.Select(target => target.Name));

    public static Target Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"There is no target {name}; there are {Names}.");

    // The readers take what comes at once from memory: nothing here waits.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Refusing<T>(Action attempt)
        where T : Exception
    {
        try
        {
            attempt();
        }
        catch (T)
        {
            // A named refusal.
        }
    }

    private static void Call(string tool, string arguments)
    {
        // As it would come over the wire: what is no message makes no call.
        var message = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{{{arguments}}}}}""");
        if (IncomingMessage.Read(message).Message is not JsonRpcRequest { Params: JsonObject call }
            || call["arguments"] is not JsonObject given)
        {
            return;
        }

        var outcome = Wait(Runner.Value.RunAsync(ToolCatalog.Find(tool)!,
            given.Select(one => KeyValuePair.Create(one.Key, JsonElement.Parse(one.Value?.ToJsonString() ?? "null"))), noBudget: false,
            progress: null, CancellationToken.None));
        if (outcome.Text.StartsWith("internal_error", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(outcome.Text);
        }
    }

    private static void Configure(byte[] input)
    {
        Refusing<SetupException>(() => Read(input));

        static void Read(byte[] input)
        {
            var pairs = Encoding.UTF8.GetString(input).Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
                .Where(pair => !pair[0].EndsWith("_FILE", StringComparison.OrdinalIgnoreCase)).DistinctBy(pair => pair[0])
                .Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            var settings = Settings.Read(pairs);
            foreach (var (_, check) in ProgramOptions.Shared.Concat(ProgramOptions.Needed))
            {
                Refusing<SetupException>(() => check(settings));
            }

            Refusing<SetupException>(() => ServingSettings.Read(settings));
            Refusing<SetupException>(() => AuditOptions.Read(settings));
            Refusing<SetupException>(() => ObservingOptions.Read(settings));
        }
    }
}
