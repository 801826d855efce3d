using System.Net;
using System.Text;
using System.Text.Json;

namespace DtMcp.Tests.History;

/// <summary>Counts the requests for names on their way to the appliance, and may keep it from answering them.</summary>
internal sealed class NamesWire() : DelegatingHandler(new SocketsHttpHandler())
{
    private int _asked;

    /// <summary>Searches and counts of names so far.</summary>
    public int Asked => _asked;

    /// <summary>Null lets all through.</summary>
    public HttpStatusCode? Refuses { get; set; }

    /// <summary>Of a kind alone; empty for all.</summary>
    public string RefusedType { get; set; } = "";

    /// <summary>A part of the appliance does not answer a search for names.</summary>
    public bool IsPartial { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var search = await SearchAsync(request, cancellationToken);
        if (search is null || !Array.Exists(["@type:dns", "@type:ssl", "@type:http"], search.StartsWith))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        Interlocked.Increment(ref _asked);
        if (Refuses is { } status && search.StartsWith("@type:" + RefusedType, StringComparison.Ordinal))
        {
            return new HttpResponseMessage(status) { Content = new StringContent("{}") };
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (IsPartial)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(
                text.Replace("Error\": \"\"", "Error\": \"vmprobe2\"", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        }

        return response;
    }

    // The text of a search, in the path or in the body.
    private static async Task<string?> SearchAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.Split('/');
        if (!path.Contains("advancedsearch"))
        {
            return null;
        }

        var packed = request.Content is null
            ? path.MaxBy(part => part.Length)!
            : JsonDocument.Parse(await request.Content.ReadAsStringAsync(cancellationToken)).RootElement.GetProperty("hash").GetString()!;
        packed = packed.Replace('-', '+').Replace('_', '/');
        packed = packed.PadRight((packed.Length + 3) / 4 * 4, '=');
        using var document = JsonDocument.Parse(Convert.FromBase64String(packed));
        return document.RootElement.GetProperty("search").GetString();
    }
}
