using System.Globalization;
using System.Text.Json;
using DtMcp.Darktrace;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using DtMcp.Running;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using DtMcp.Tests.Support;
using DtMcp.Traffic;
using DtMcp.Traffic.Questions;

namespace DtMcp.Tests.Joining;

/// <summary>Appliances <c>north</c> and <c>south</c> of a site each, <c>whole</c> of both, and <c>broken</c>, which refuses.</summary>
public sealed class Sites : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("dtmcp-joined-").FullName;
    private readonly Dictionary<string, ApplianceSimulator> _appliances = [];
    private readonly Dictionary<string, DarktraceClient> _clients = [];

    public async ValueTask InitializeAsync()
    {
        var random = new Random(7);
        List<string> north = [.. Enumerable.Range(0, 900).Select(at => Record(random, "10.1.0.", at))];
        List<string> south = [.. Enumerable.Range(0, 700).Select(at => Record(random, "10.2.0.", at))];
        foreach (var (name, records) in new[] { ("north", north), ("south", south), ("whole", [.. north, .. south]) })
        {
            var file = Path.Combine(_folder, name + ".json");
            await File.WriteAllLinesAsync(file, records);
            await OpenAsync(name, file, null);
        }

        await OpenAsync("broken", Path.Combine(_folder, "north.json"), "login-page");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, appliance) in _appliances)
        {
            _clients[name].Dispose();
            await appliance.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A server that has these appliances.</summary>
    internal Investigators Of(IReadOnlyList<string> names, WorkGate? gate = null) => new(
        [.. names.Select(name => new Investigators.Entry(
            name,
            new Investigator(
                new InvestigatorOptions { Appliance = name, IsOneOfMany = names.Count > 1 }, _clients[name], _appliances[name].Clock,
                gate ?? WorkGate.OfProcess),
            _clients[name]))],
        _appliances[names[0]].Clock);

    private async Task OpenAsync(string name, string file, string? fault)
    {
        var appliance = await ApplianceSimulator.StartAsync(
            new SimulatorOptions
            {
                PublicToken = Clients.PublicToken,
                PrivateToken = Clients.PrivateToken,
                RecordsFile = file,
                Now = Start.AddHours(4),
                ClockRuns = false,
                Fault = fault,
            },
            TimeProvider.System, CancellationToken.None);
        _appliances[name] = appliance;
        _clients[name] = DarktraceClient.Create(
            new DarktraceOptions
            {
                Host = appliance.Address,
                PublicToken = Clients.PublicToken,
                PrivateToken = new Secret(Clients.PrivateToken),
            },
            appliance.Clock, null);
    }

    private static string Record(Random random, string site, int at)
    {
        var isOutside = random.Next(3) > 0;
        var to = isOutside ? "203.0.113." + random.Next(1, 40) : site + random.Next(1, 20);
        int[] ports = [443, 80, 53, 22, 8443];
        var port = ports[random.Next(ports.Length)];
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["ts"] = Start.ToUnixTimeSeconds() + random.Next(14_000) + (random.Next(1000) / 1000.0),
            ["uid"] = string.Create(CultureInfo.InvariantCulture, $"C{site}{at}"),
            ["id.orig_h"] = site + random.Next(1, 20),
            ["id.orig_p"] = random.Next(20_000, 60_000),
            ["id.resp_h"] = to,
            ["id.resp_p"] = port,
            ["proto"] = port == 53 ? "udp" : "tcp",
            ["duration"] = 1.5,
            ["orig_bytes"] = random.Next(100_000),
            ["resp_bytes"] = random.Next(100_000),
            ["orig_pkts"] = random.Next(100),
            ["resp_pkts"] = random.Next(100),
            ["conn_state"] = "SF",
        });
    }
}
