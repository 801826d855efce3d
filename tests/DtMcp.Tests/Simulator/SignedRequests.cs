using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DtMcp.Simulator;
using DtMcp.Simulator.Setup;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Simulator;

/// <summary>An emulated appliance on a port of its own and a client that signs, written apart from both sides of the product.</summary>
internal sealed class SignedRequests(ApplianceSimulator simulator) : IAsyncDisposable
{
    public const string PublicToken = "pub0000000000000000000000000000000000001";
    public const string PrivateToken = "priv000000000000000000000000000000000002";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = simulator.Address };

    public ApplianceSimulator Simulator => simulator;

    /// <summary>A clock that stands still, so that windows and dates are the test's own.</summary>
    public static FakeTimeProvider StillClock { get; } = new(new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.Zero));

    public static SimulatorOptions Options { get; } = new() { PublicToken = PublicToken, PrivateToken = PrivateToken };

    public static async Task<SignedRequests> StartAsync(SimulatorOptions? options = null) =>
        new(await ApplianceSimulator.StartAsync(options ?? Options, StillClock, TestContext.Current.CancellationToken));

    /// <summary>Signs the decoded target and sends it encoded.</summary>
    public Task<HttpResponseMessage> SendAsync(string target, Action<HttpRequestMessage>? change = null, string? date = null,
        string? signed = null)
    {
        date ??= simulator.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", null);
        var signature = Sign(signed ?? Uri.UnescapeDataString(target), date);
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Add("DTAPI-Token", PublicToken);
        request.Headers.Add("DTAPI-Date", date);
        request.Headers.Add("DTAPI-Signature", signature);
        change?.Invoke(request);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> GetAsync(string target)
    {
        using var response = await SendAsync(target);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var document = await JsonDocument.ParseAsync(body, default, TestContext.Current.CancellationToken);
        return document.RootElement.Clone();
    }

    public async Task<(HttpStatusCode Status, string Body)> AskAsync(string target, string? date = null, string? signed = null)
    {
        using var response = await SendAsync(target, date: date, signed: signed);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return simulator.DisposeAsync();
    }

    [SuppressMessage("Security", "CA5350", Justification = "The appliance prescribes HMAC-SHA1.")]
    public static string Sign(string request, string date) =>
        Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.ASCII.GetBytes(PrivateToken),
            Encoding.UTF8.GetBytes($"{request}\n{PublicToken}\n{date}")));
}
