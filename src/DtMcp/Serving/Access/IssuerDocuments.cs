using System.Text;
using System.Text.Json;
using DtMcp.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace DtMcp.Serving.Access;

/// <summary>
/// Reads an authorization server's discovery document (OpenID Connect Discovery 1.0, 4) and the keys that it names, within bounds of time
/// and length. Redirects are not followed.
/// </summary>
internal sealed class IssuerDocuments(Uri issuer, TimeProvider clock) : IDisposable
{
    // Both documents together; whoever waits for a token to be judged does not wait longer.
    private static readonly TimeSpan LongestFetch = TimeSpan.FromSeconds(10);

    // A set of ten keys with certificates is 20 KiB.
    private const int LongestDocument = 256 * 1024;

    private const int MostKeys = 100;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = LongestFetch,
        // The address may move between two readings, which are far apart.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    });

    /// <summary>The keys that sign; asymmetric ones only.</summary>
    /// <exception cref="IssuerException">They cannot be had.</exception>
    public async Task<IReadOnlyList<SecurityKey>> ReadKeysAsync()
    {
        using var ending = new CancellationTokenSource(LongestFetch, clock);
        try
        {
            var discovery = new Uri(issuer.OriginalString.TrimEnd('/') + "/.well-known/openid-configuration");
            var set = KeySetOf(await GetAsync(discovery, ending.Token));
            return KeysOf(await GetAsync(set, ending.Token));
        }
        catch (OperationCanceledException)
        {
            throw new IssuerException("It did not answer within 10 s.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new IssuerException($"It cannot be reached ({failure.GetType().Name}).");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new IssuerException(FormattableString.Invariant(
                $"It answered {(int)response.StatusCode} at {address.AbsolutePath}."));
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestDocument + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= LongestDocument
            ? buffer[..length]
            : throw new IssuerException($"What it answered at {address.AbsolutePath} is longer than 256 KiB.");
    }

    private Uri KeySetOf(byte[] discovery)
    {
        try
        {
            using var document = JsonDocument.Parse(discovery);
            // Who says to be another issuer is not asked for keys (OpenID Connect Discovery 1.0, 4.3).
            var told = document.RootElement.GetProperty("issuer").GetString();
            if (told?.TrimEnd('/') != issuer.OriginalString.TrimEnd('/'))
            {
                throw new IssuerException("Its discovery document names another issuer.");
            }

            return Uri.TryCreate(document.RootElement.GetProperty("jwks_uri").GetString(), UriKind.Absolute, out var set)
                && ServingSettings.IsSafe(set) && (set.Scheme == Uri.UriSchemeHttps || issuer.Scheme == Uri.UriSchemeHttp)
                ? set
                : throw new IssuerException("Its discovery document names no https address of its keys.");
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new IssuerException("Its discovery document is none.");
        }
    }

    private static List<SecurityKey> KeysOf(byte[] set)
    {
        try
        {
            var keys = new JsonWebKeySet(Encoding.UTF8.GetString(set)).GetSigningKeys().Where(key => key is AsymmetricSecurityKey).ToList();
            return keys.Count is > 0 and <= MostKeys
                ? keys
                : throw new IssuerException(FormattableString.Invariant($"Its set of keys has {keys.Count} that sign."));
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw new IssuerException("Its set of keys is none.");
        }
    }
}
