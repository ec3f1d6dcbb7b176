import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  type ChangePackageRequest,
  type ChangePackageResponse,
  type CreateOrganisationRequest,
  type CreateOrganisationResponse,
  type GetOrganisationRequest,
  type GetOrganisationResponse,
  type ListOrganisationsRequest,
  type ListOrganisationsResponse,
  type OrganisationServiceController,
  OrganisationServiceControllerMethods,
} from '#contracts/generated/priolane/accounts/v1/organisation.js';
import { notFound } from '#kernel/errors.js';
import { callerOf } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { Checks } from '../domain/checks.js';
import { scopeOf } from '../domain/tenancy.js';
import { DeskDocuments } from '../persistence/desk-documents.js';
import { OrganisationQueries } from '../persistence/organisation.queries.js';
import { ChangePackage } from '../use-cases/change-package.js';
import { CreateOrganisation } from '../use-cases/create-organisation.js';
import { withSeatsLimit } from '../use-cases/organisation-view.js';
import { toOrganisation } from './messages.js';

@Controller()
@OrganisationServiceControllerMethods()
export class OrganisationController implements OrganisationServiceController {
  constructor(
    private readonly createOrganisationUseCase: CreateOrganisation,
    private readonly changePackageUseCase: ChangePackage,
    private readonly organisations: OrganisationQueries,
    private readonly documents: DeskDocuments,
  ) {}

  async createOrganisation(
    request: CreateOrganisationRequest,
    metadata?: Metadata,
  ): Promise<CreateOrganisationResponse> {
    return { organisation: toOrganisation(await this.createOrganisationUseCase.execute(callerOf(metadata), request)) };
  }

  async getOrganisation(request: GetOrganisationRequest, metadata?: Metadata): Promise<GetOrganisationResponse> {
    new Checks().id('organisation_id', request.organisationId).done();
    const found = await this.organisations.find(scopeOf(callerOf(metadata)), request.organisationId);
    if (!found) throw notFound('organisation', request.organisationId);
    return { organisation: toOrganisation(withSeatsLimit(found, await this.documents.inForce(found.deskId))) };
  }

  async listOrganisations(request: ListOrganisationsRequest, metadata?: Metadata): Promise<ListOrganisationsResponse> {
    const scope = scopeOf(callerOf(metadata));
    const query = ['organisations', scope];
    const page = readPage(request, query, z.uuid());
    const found = await this.organisations.list(scope, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (row) => row.id);
    const organisations = [];
    for (const row of rows) organisations.push(toOrganisation(withSeatsLimit(row, await this.documents.inForce(row.deskId))));
    return { organisations, nextPageToken };
  }

  async changePackage(request: ChangePackageRequest, metadata?: Metadata): Promise<ChangePackageResponse> {
    return { organisation: toOrganisation(await this.changePackageUseCase.execute(callerOf(metadata), request)) };
  }
}
