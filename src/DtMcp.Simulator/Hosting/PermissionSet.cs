using DtMcp.Simulator.Endpoints;
using DtMcp.Simulator.Setup;

namespace DtMcp.Simulator.Hosting;

/// <summary>
/// What the token may do: everything but what <see cref="SimulatorOptions.Without"/> names, permissions and endpoints alike.
/// </summary>
internal sealed class PermissionSet
{
    private readonly Permission _granted;
    private readonly HashSet<string> _deniedEndpoints = new(StringComparer.OrdinalIgnoreCase);

    public PermissionSet(SimulatorOptions options)
    {
        var denied = options.Restricted ? Permission.UnrestrictedDevices : Permission.None;
        var endpoints = EndpointCatalog.All.Select(EndpointCatalog.NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in options.Without.SelectMany(text =>
            text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var name = string.Concat(entry.Where(char.IsAsciiLetterOrDigit));
            var isPermission = Enum.TryParse<Permission>(name, ignoreCase: true, out var permission) && permission is not Permission.None
                && !char.IsAsciiDigit(name[0]);
            if (!isPermission && !endpoints.Contains(name))
            {
                throw new SimulatorException(
                    $"without '{entry}': neither a permission ({string.Join(", ", Enum.GetNames<Permission>().Skip(1))}) nor an endpoint " +
                    $"({string.Join(", ", endpoints.Order(StringComparer.Ordinal))})");
            }

            denied |= isPermission ? permission : Permission.None;
            _deniedEndpoints.Add(name);
        }

        _granted = ~denied;
    }

    /// <summary>Whether answers are anonymised.</summary>
    public bool Anonymised => (_granted & Permission.UnrestrictedDevices) == 0;

    public bool Allows(IEndpoint endpoint) =>
        (endpoint.Needs == Permission.None || (endpoint.Needs & _granted) != 0)
        && !(endpoint.RefusesRestricted && Anonymised)
        && !_deniedEndpoints.Contains(EndpointCatalog.NameOf(endpoint));
}
