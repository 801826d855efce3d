using System.Globalization;
using System.Text;
using DtMcp.Darktrace.Requests;
using DtMcp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Issues;

/// <summary>What is asked beside the traffic (names, breaches, hours, lists of values) must not spoil an answer: what fails of it
/// becomes a note.</summary>
public sealed class SideQuestions_11
{
    private static readonly DateTimeOffset End = Clients.Now;

    [Fact]
    public async Task A_list_of_devices_beyond_32_MiB_is_streamed_once_and_names_the_records()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(End)).HasRecords(End, ("10.1.0.1", "203.0.113.5", 7000),
            ("10.1.200.7", "203.0.113.5", 800));
        appliance.On("/devices", SendDevicesAsync);

        var answer = await appliance.AskAsync("summarize_external_traffic", End);
        await appliance.AskAsync("summarize_external_traffic", End.AddMinutes(-30));

        Assert.Contains("ws-10-1-0-1", answer, StringComparison.Ordinal);
        Assert.Contains("ws-10-1-200-7", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("are missing", answer, StringComparison.Ordinal);
        var asked = Assert.Single(appliance.Asked, target => target.StartsWith("/devices?", StringComparison.Ordinal));
        Assert.Contains("responsedata=", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("includetags", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("400 Bad Request", """{"devices":"INPUT ERROR"}""")]
    [InlineData("404 Not Found", """{"error":"nothing"}""")]
    [InlineData("500 Internal Server Error", "{}")]
    [InlineData("200 OK", """[{"did":1,"ip":"10.1.0.1"},{"did""")]
    [InlineData("200 OK", """<html><title>Log In | Darktrace</title></html>""")]
    public async Task A_list_of_devices_that_fails_leaves_names_out_and_says_so(string status, string body)
    {
        await using var appliance = new StandIn().HasRecords(End, ("10.1.0.1", "203.0.113.5", 7000));
        appliance.Fails("/devices", status, body);

        var answer = await appliance.AskAsync("summarize_external_traffic", End);

        Assert.Contains("7000", answer, StringComparison.Ordinal);
        Assert.Contains("Names of devices are missing", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_hosts_outside_that_fail_are_a_note()
    {
        await using var appliance = new StandIn().HasRecords(End, ("10.1.0.1", "203.0.113.5", 7000));
        appliance.On("/devices", """[{"did":1,"ip":"10.1.0.1","hostname":"ws-1"}]""").On("/network",
            target => target.Contains("intext", StringComparison.Ordinal) ? "{\"devices\":" : StandIn.Tables);

        var answer = await appliance.AskAsync("summarize_external_traffic", End);

        Assert.Contains("ws-1", answer, StringComparison.Ordinal);
        Assert.Contains("Names of hosts outside are missing", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_of_a_device_that_an_appliance_does_not_know_are_asked_whole()
    {
        await using var appliance = new StandIn(new FakeTimeProvider(End)).HasRecords(End, ("10.1.0.1", "203.0.113.5", 7000));
        appliance.On("/devices",
            target =>
                target.Contains("responsedata", StringComparison.Ordinal)
                    ? "[{},{}]"
                    : """[{"did":1,"ip":"10.1.0.1","hostname":"ws-1"}]""");

        Assert.Contains("ws-1", await appliance.AskAsync("summarize_external_traffic", End), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_found_in_records_that_were_read_while_names_failed()
    {
        // The first question reads all rows without names; the second must not take them for rows of nobody.
        await using var appliance = new StandIn(new FakeTimeProvider(End)).HasRecords(End, ("10.1.0.1", "203.0.113.5", 7000));
        appliance.On("/devices",
            target =>
                target.Contains("did=", StringComparison.Ordinal) && !target.Contains("responsedata", StringComparison.Ordinal)
                    ? """{"did":1,"ip":"10.1.0.1"}"""
                    : "[");

        await appliance.AskAsync("summarize_network_traffic", End);
        var answer = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 1 });

        Assert.Contains("7000", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("400 Bad Request")]
    public async Task Model_breaches_and_the_device_itself_that_fail_are_notes(string status)
    {
        await using var appliance = new StandIn();
        appliance.Fails("/modelbreaches", status).Fails("/devices", status);

        var answer = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });

        Assert.Contains("10000", answer, StringComparison.Ordinal);
        Assert.Contains("No model breaches: ", answer, StringComparison.Ordinal);
        Assert.Contains("What the device is, is missing", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_that_fail_are_a_note()
    {
        await using var appliance = new StandIn().Fails("/metricdata", "500 Internal Server Error");

        var answer = await appliance.AskAsync("analyze_bandwidth", End, new NetworkQuery { Did = 13 });

        Assert.Contains("No hours: ", answer, StringComparison.Ordinal);
        Assert.Contains("11400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hours_are_asked_of_a_device_only()
    {
        await using var appliance = new StandIn().On("/metricdata", "[]");

        await appliance.AskAsync("analyze_bandwidth", End);
        await appliance.AskAsync("analyze_bandwidth", End, new NetworkQuery { Did = 13 });

        Assert.Contains("did=13", Assert.Single(appliance.Asked, target => target.StartsWith("/metricdata", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("protocol", "/enums")]
    [InlineData("metric", "/metrics")]
    public async Task A_list_of_values_that_fails_leaves_a_filter_unchecked_and_says_so(string filter, string path)
    {
        await using var appliance = new StandIn().On(path, "{\"cut");

        var answer = await appliance.AskAsync("summarize_network_traffic", End,
            filter == "metric" ? new NetworkQuery { Metric = "connections" } : new NetworkQuery { Protocol = "TCP" });

        Assert.Contains($"{filter} could not be checked", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_was_refused_does_not_silence_the_next()
    {
        await using var appliance = new StandIn();
        appliance.On("/devices", """[{"did":13}]""").Fails("/modelbreaches", "400 Bad Request", """{"modelbreaches":"INPUT ERROR"}""");
        await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });
        appliance.On("/modelbreaches",
            """[{"pbid":9001,"time":1768466000000,"model":{"name":"Example::Odd"},"score":0.5,"device":{"did":13}}]""");

        Assert.Contains("9001", await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_remembered()
    {
        await using var appliance = new StandIn();
        appliance.On("/devices", """[{"did":13}]""")
            .On("/modelbreaches",
                (_, stream, token) =>
                    TinyServer.Raw("HTTP/1.1 302 Found\r\nLocation: /403\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")(stream,
                        token));

        await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });
        var answer = await appliance.AskAsync("analyze_device_activity", End, new NetworkQuery { Did = 13 });

        Assert.Equal(1, appliance.Times("/modelbreaches"));
        Assert.Contains("No model breaches: ", answer, StringComparison.Ordinal);
    }

    // Sixty thousand devices, 700 bytes each, in pieces that end anywhere.
    private static async Task SendDevicesAsync(string target, Stream stream, CancellationToken cancellationToken)
    {
        await TinyServer.Raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[\n")(stream,
            cancellationToken);
        var filler = new string('x', 560);
        var piece = new StringBuilder();
        for (var i = 0; i < 60_000; i++)
        {
            var (high, low) = (i / 250, i % 250);
            piece.Append(CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}\n {{\"did\": {i + 1}, \"ip\": \"10.1.{high}.{low}\", \"hostname\": \"ws-10-1-{high}-{low}\", " +
                $"\"other\": \"{filler}\"}}");
            if (i % 500 == 499)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(piece.ToString()), cancellationToken);
                piece.Clear();
            }
        }

        await stream.WriteAsync("\n]\n"u8.ToArray(), cancellationToken);
    }
}
