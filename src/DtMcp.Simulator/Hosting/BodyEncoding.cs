using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DtMcp.Simulator.Hosting;

/// <summary>Compresses a body as the client asks: br or gzip, the one it names first among those it likes best.</summary>
internal static class BodyEncoding
{
    /// <summary>A stream to write the body to, and the header set; null when the client asks for none.</summary>
    public static Stream? Wrap(HttpRequest request, HttpResponse response)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted))
        {
            return null;
        }

        foreach (var coding in accepted.Where(coding => coding.Quality is not 0).OrderByDescending(coding => coding.Quality ?? 1))
        {
            Stream? stream = coding.Value.Value?.ToUpperInvariant() switch
            {
                "GZIP" => new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true),
                "BR" => new BrotliStream(response.Body, CompressionLevel.Fastest, leaveOpen: true),
                _ => null,
            };
            if (stream is not null)
            {
                response.Headers.ContentEncoding = stream is GZipStream ? "gzip" : "br";
                response.Headers.Vary = HeaderNames.AcceptEncoding;
                return stream;
            }
        }

        return null;
    }
}
