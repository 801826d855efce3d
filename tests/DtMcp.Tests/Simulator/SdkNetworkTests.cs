using DtMcp.Simulator.Setup;

namespace DtMcp.Tests.Simulator;

public sealed class SdkNetworkTests
{
    [Theory]
    [MemberData(nameof(TruthFiles.Names), MemberType = typeof(TruthFiles))]
    public async Task Every_filter_selects_what_the_truth_says(string name)
    {
        var truth = TruthFiles.Truth(name);
        await using var appliance = await StartAsync(name);

        foreach (var row in truth.GetProperty("queries").EnumerateArray())
        {
            if (TruthFiles.Query(row) is not { } query)
            {
                continue;
            }

            query += query.Contains("time=", StringComparison.Ordinal) || query.Contains("from=", StringComparison.Ordinal)
                ? ""
                : $"&{TruthFiles.Everything(truth)}";
            var answer = await appliance.GetAsync($"/network?{query}");
            var summary = answer.GetProperty("summary");
            var expected = (row.GetProperty("count").GetInt64(), row.GetProperty("bytes").GetInt64(),
                row.GetProperty("packets").GetInt64());
            Assert.Equal(
                (query, expected),
                (query, (summary.GetProperty("totalconnections").GetInt64(), summary.GetProperty("totalbytes").GetInt64(),
                    summary.GetProperty("totalpackets").GetInt64())));
            var rows = answer.GetProperty("traffic");
            Assert.Equal(expected.Item1, rows.GetArrayLength());
            Assert.Equal(expected.Item2, rows.EnumerateArray().Sum(r => r.GetProperty("bytes").GetInt64()));
            Assert.Equal(row.GetProperty("sources").GetInt32(),
                rows.EnumerateArray().Select(r => r.GetProperty("sourcedevice").GetProperty("ip").GetString()).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(TruthFiles.Names), MemberType = typeof(TruthFiles))]
    public async Task Bandwidth_by_device_is_the_truth(string name)
    {
        var truth = TruthFiles.Truth(name);
        await using var appliance = await StartAsync(name);

        var answer = await appliance.GetAsync($"/network?metric=bandwidth&{TruthFiles.Everything(truth)}");

        Assert.Equal("bandwidth", answer.GetProperty("metric").GetString());
        var data = answer.GetProperty("data");
        var expected = truth.GetProperty("bandwidth_devices");
        Assert.Equal(expected.GetProperty("points").GetInt32(), data.GetArrayLength());
        foreach (var device in expected.GetProperty("devices").GetProperty("top").EnumerateArray())
        {
            var points = data.EnumerateArray().Where(p =>
                p.GetProperty("device").GetProperty("ip").GetString() == device[0].GetString()).ToArray();
            Assert.Equal(device[1].GetProperty("bytes_in").GetInt64(), points.Sum(p => p.GetProperty("bytes_in").GetInt64()));
            Assert.Equal(device[1].GetProperty("bytes_out").GetInt64(), points.Sum(p => p.GetProperty("bytes_out").GetInt64()));
        }
    }

    private static Task<SignedRequests> StartAsync(string name) =>
        SignedRequests.StartAsync(SignedRequests.Options with { RecordsFile = TruthFiles.Log(name), Dialect = Dialect.Sdk });
}
