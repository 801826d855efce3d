namespace DtMcp.Simulator.Endpoints;

/// <summary>One endpoint of the appliance; listed in <c>Hosting/EndpointCatalog.cs</c>.</summary>
internal interface IEndpoint
{
    /// <summary>
    /// The path; one that ends in <c>/</c> takes everything below it, which is then in <see cref="EndpointRequest.Rest"/>.
    /// </summary>
    string Path { get; }

    /// <summary>Any one of these is enough.</summary>
    Permission Needs { get; }

    /// <summary>Whether a token without Unrestricted Devices is refused (302 to /403) instead of being given anonymised data.</summary>
    bool RefusesRestricted => false;

    /// <summary>Whether POST is taken besides GET.</summary>
    bool TakesPost => false;

    /// <summary>
    /// Writes the answer. Throws <see cref="InputErrorException"/> or <see cref="NotFoundException"/> before it writes anything.
    /// </summary>
    Task AnswerAsync(EndpointRequest request, AnswerWriter answer, CancellationToken cancellationToken);
}
