using System.Net;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Hosting;

/// <summary>
/// Where the emulated appliance listens: plain HTTP on loopback and nowhere else, since it knows no secret worth a network.
/// </summary>
internal static class LoopbackAddress
{
    public static IReadOnlyList<IPEndPoint> Parse(string urls)
    {
        var points = urls.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(One).ToArray();
        return points.Length > 0
            ? points
            : throw new SimulatorException("the emulated appliance needs an address to listen on, as http://127.0.0.1:0");
    }

    private static IPEndPoint One(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.AbsolutePath != "/")
        {
            throw new SimulatorException($"'{url}' is not an address to listen on; write it as http://127.0.0.1:8443");
        }

        var address = uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(uri.Host.Trim('[', ']'), out var parsed) ? parsed
            : null;
        return address is not null && IPAddress.IsLoopback(address)
            ? new IPEndPoint(address, uri.Port)
            : throw new SimulatorException($"'{url}' is not loopback; the emulated appliance listens on 127.0.0.1, ::1 or localhost only");
    }
}
