using DtMcp.Simulator.Records;

namespace DtMcp.Simulator.Scenarios;

/// <summary>The made-up office: the same for the same seed and end.</summary>
internal static class OfficeScenario
{
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="end">The end of the records.</param>
    /// <param name="days">Days before the end.</param>
    /// <param name="connections">Number of connections; 0 for the natural size.</param>
    public static RecordSet Build(int seed, DateTimeOffset end, int days, long connections)
    {
        var builder = new RecordSetBuilder();
        var last = end.ToUnixTimeMilliseconds();
        var count = connections == 0 ? days * 100 : (int)connections;
        var (desktop, server) = (builder.Address(IpAddress.Parse("10.20.0.11")), builder.Address(IpAddress.Parse("10.20.0.2")));
        for (var i = 0; i < count; i++)
        {
            builder.Add(new ConnectionRecord
            {
                StartMs = last - ((long)(count - 1 - i) * days * 86_400_000 / count),
                DurationSeconds = 0.02,
                Source = desktop,
                Destination = server,
                SourcePort = (ushort)(50_000 + ((i + seed) % 10_000)),
                DestinationPort = 53,
                Protocol = builder.Protocol("udp"),
                Service = builder.Service("dns"),
                State = ConnState.SF,
                OrigBytes = 40,
                RespBytes = 120,
                OrigPackets = 1,
                RespPackets = 1,
            });
        }

        return builder.Build(new RecordFacts { Synthetic = true }, AddressRules.Default);
    }
}
